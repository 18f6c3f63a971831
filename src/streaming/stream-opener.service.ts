import { Injectable } from '@nestjs/common';
import { AppError, currentContext, Drain, isUnavailable } from '#src/kernel/index.js';
import { type Attended, type LogHeader, runOf } from './log-header.js';
import { Runs } from './runs.service.js';
import type { Settle } from './stream-archive.service.js';
import type { StreamOwner } from './stream-owner.js';
import type { NewLog } from './stream-readers.service.js';
import type { Produce } from './stream-run.js';
import { StreamRunner } from './stream-runner.service.js';
import { StreamStore } from './stream-store.service.js';

/** What is to be run, for whom. */
export interface OpenStream {
  readonly owner: StreamOwner;
  /** What is being worked at, e.g. `draft-graph`. */
  readonly kind: string;
  /** The run this stream belongs to; recorded here unless the feature did so before. */
  readonly runId: string;
  /** Digest of the request, hex, for the record. */
  readonly requestSha256?: string;
  /** Left out: the run goes on whoever listens. */
  readonly attended?: Attended | undefined;
  /** Settles the feature's own rows in the transaction that ends the run. */
  readonly settle?: Settle;
}

const NO_REQUEST = { requestId: '', traceId: '' };
/** Time until another instance, or this one restarted, can be expected to take the work, ms. */
const DRAIN_RETRY_MS = 1_000;

/** Opens streams and starts their runs. */
@Injectable()
export class StreamOpener {
  constructor(
    private readonly store: StreamStore,
    private readonly runner: StreamRunner,
    private readonly runs: Runs,
    private readonly drain: Drain,
  ) {}

  async open(stream: OpenStream, produce: Produce): Promise<NewLog> {
    if (this.drain.draining) {
      throw new AppError('NOT_READY', 'The service is stopping', { retryAfterMs: DRAIN_RETRY_MS });
    }
    this.runner.checkRoom();
    const { owner, kind, runId, requestSha256 = '', attended, settle } = stream;
    const { requestId, traceId } = currentContext() ?? NO_REQUEST;
    const asked = { owner, kind, runId, requestSha256, ...(attended === undefined ? {} : { attended }) };
    const header: LogHeader = { ...asked, startedAt: this.runs.now(), requestId, traceId };
    const target = await this.store.open(header);
    const streamId = target.key.id;
    await this.record(header, streamId);
    this.runner.start(target, header, settle, produce);
    return { hot: target.hot, key: target.key, header };
  }

  /** Without a database the run goes on; it is recorded when it ends. */
  private async record(header: LogHeader, streamId: string): Promise<void> {
    try {
      await this.runs.begin(runOf(header, streamId));
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
    }
  }
}
