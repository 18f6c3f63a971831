import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, currentContext, Ids, isUnavailable } from '#src/kernel/index.js';
import { Hot, type HotKey, LocalHot, type LogTerms } from '#src/storage/index.js';
import { encodeHeader, type LogHeader } from './log-header.js';
import type { LogSlice } from './log-types.js';
import type { LogTarget } from './stream-log.js';
import { logTerms } from './stream-terms.js';

/** Where a log is. `unreachable`: it may exist, in a store that does not answer. */
export type Found =
  | { readonly state: 'found'; readonly hot: Hot; readonly slice: LogSlice }
  | { readonly state: 'missing' }
  | { readonly state: 'unreachable' };

/** How much a reader takes from a log at once, bytes. */
export const READ_BYTES = 65_536;

export const logKey = (tenantId: string, streamId: string): HotKey => ({ tenant: tenantId, area: 'log', id: streamId });

/** Opens and finds logs: in the shared store, or in this process while that one is away. */
@Injectable()
export class StreamStore {
  readonly terms: LogTerms;

  constructor(
    private readonly hot: Hot,
    private readonly local: LocalHot,
    private readonly ids: Ids,
    @Inject(CONFIG) config: Config,
  ) {
    this.terms = logTerms(config);
  }

  /** An empty log under a new stream id. */
  async open(header: LogHeader): Promise<LogTarget> {
    const { tenantId } = header.owner;
    try {
      return await this.openIn(this.hot, tenantId, header);
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
      const context = currentContext();
      if (context !== undefined) context.degraded = 'redis';
      // A new id: the call that got no answer may have left an empty log under the first one.
      return this.openIn(this.local, tenantId, header);
    }
  }

  /** Head and first events after a cursor. The local store is asked first: it knows what it holds without asking anybody. */
  async find(key: HotKey, after: number): Promise<Found> {
    if (this.local !== this.hot) {
      const slice = await this.local.readLog(key, after, READ_BYTES);
      if (slice !== undefined) return { state: 'found', hot: this.local, slice };
    }
    try {
      const slice = await this.hot.readLog(key, after, READ_BYTES);
      return slice === undefined ? { state: 'missing' } : { state: 'found', hot: this.hot, slice };
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
      return { state: 'unreachable' };
    }
  }

  private async openIn(hot: Hot, tenantId: string, header: LogHeader): Promise<LogTarget> {
    const streamId = this.ids.next('strm');
    const key = logKey(tenantId, streamId);
    const target = { hot, key, holder: streamId, terms: this.terms };
    if (!(await hot.openLog(key, target.holder, encodeHeader(header), this.terms))) {
      throw new Error('A new stream id exists already');
    }
    return target;
  }
}
