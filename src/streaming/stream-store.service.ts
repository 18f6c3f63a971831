import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, currentContext, Ids, isUnavailable } from '#src/kernel/index.js';
import { Hot, type HotKey, LocalHot, type LogTerms } from '#src/storage/index.js';
import { decodeHeader, encodeHeader, type LogHeader } from './log-header.js';
import type { LogHead, LogSlice } from './log-types.js';
import type { LogTarget } from './stream-log.js';
import { logTerms } from './stream-terms.js';

/** Where a log is. `unreachable`: it may exist, in a store that does not answer. */
export type Found =
  | { readonly state: 'found'; readonly hot: Hot; readonly slice: LogSlice }
  | { readonly state: 'missing' }
  | { readonly state: 'unreachable' };

/** A log that this process now holds, as its last producer left it. */
export interface TakenLog {
  readonly target: LogTarget;
  readonly head: LogHead;
}

/** How much a reader takes from a log at once, bytes. */
export const READ_BYTES = 65_536;

/** A cursor behind every event: asks for a log's head alone. */
export const BEHIND_ALL = 2_147_483_647;
/** Life of a log that is not kept, after its last event: its reader may be slow, or ask again, ms. */
const UNKEPT_MS = 120_000;

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

  /** The log of a producer that is gone, to go on with; `undefined` when it is held or over. */
  async takeOver(hot: Hot, key: HotKey): Promise<TakenLog | undefined> {
    const holder = randomUUID();
    if (!(await hot.takeOverLog(key, holder, this.terms))) return undefined;
    // Only now nobody else writes: this head is the last one.
    const head = (await hot.readLog(key, BEHIND_ALL, 1))?.head;
    return head && { head, target: { hot, key, holder, terms: this.termsOf(decodeHeader(head.header)), from: head } };
  }

  /** Forgets a finished log; a store that does not answer forgets it when its time is over. */
  async drop(key: HotKey): Promise<void> {
    for (const hot of new Set<Hot>([this.local, this.hot])) await hot.dropLog(key).catch(unlessUnavailable);
  }

  private termsOf({ unkept }: LogHeader): LogTerms {
    return unkept ? { ...this.terms, ttlMs: Math.min(this.terms.ttlMs, UNKEPT_MS) } : this.terms;
  }

  private async openIn(hot: Hot, tenantId: string, header: LogHeader): Promise<LogTarget> {
    const streamId = this.ids.next('strm');
    const key = logKey(tenantId, streamId);
    const terms = this.termsOf(header);
    const target = { hot, key, holder: streamId, terms };
    if (!(await hot.openLog(key, target.holder, encodeHeader(header), terms))) {
      throw new Error('A new stream id exists already');
    }
    return target;
  }
}

function unlessUnavailable(cause: unknown): void {
  if (!isUnavailable(cause)) throw cause;
}
