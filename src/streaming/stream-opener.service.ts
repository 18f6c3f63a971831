import { Injectable } from '@nestjs/common';
import { AppError, currentContext, Drain, isUnavailable } from '#src/kernel/index.js';
import { type Attended, decodeHeader, type LogHeader, runOf, type StreamSubject } from './log-header.js';
import { Runs } from './runs.service.js';
import type { LogTarget } from './stream-log.js';
import type { StreamOwner } from './stream-owner.js';
import type { NewLog } from './stream-readers.service.js';
import type { Produce, RunHooks, RunOver } from './stream-run.js';
import { StreamRunner } from './stream-runner.service.js';
import { BEHIND_ALL, logKey, StreamStore } from './stream-store.service.js';

/** What is to be run, for whom. */
export interface OpenStream extends RunHooks {
  readonly owner: StreamOwner;
  /** What is being worked at, e.g. `draft-graph`. */
  readonly kind: string;
  /** The run this stream belongs to; recorded here unless the feature did so before. */
  readonly runId: string;
  /** Digest of the request, hex, for the record. */
  readonly requestSha256?: string;
  /** Left out: the run goes on whoever listens. */
  readonly attended?: Attended | undefined;
  readonly subject?: StreamSubject;
  /** Nothing of the stream is kept once it is over. */
  readonly unkept?: true;
}

/** A run that has begun, and its log. */
export interface RunningLog extends NewLog {
  /** Resolves when the run is over and its log ended, or left; never rejects. */
  readonly over: Promise<RunOver>;
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

  async open(stream: OpenStream, produce: Produce): Promise<RunningLog> {
    this.checkOpen();
    const { requestId, traceId } = currentContext() ?? NO_REQUEST;
    const { owner, kind, runId, requestSha256 = '', subject, unkept, attended } = stream;
    const header: LogHeader = {
      ...{ owner, kind, runId, requestSha256, startedAt: this.runs.now(), requestId, traceId },
      ...(subject === undefined ? {} : { subject }),
      ...(unkept === undefined ? {} : { unkept }),
      ...(attended === undefined ? {} : { attended }),
    };
    return this.start(await this.store.open(header), header, stream, produce);
  }

  /**
   * Goes on with the log of a producer that is gone, behind what it wrote; in a new one when its log is gone, too.
   * `undefined` when somebody holds it, or it is over.
   */
  async reopen(streamId: string, stream: OpenStream, produce: Produce): Promise<RunningLog | undefined> {
    this.checkOpen();
    const key = logKey(stream.owner.tenantId, streamId);
    const found = await this.store.find(key, BEHIND_ALL);
    if (found.state === 'missing') return this.open(stream, produce);
    if (found.state === 'unreachable') throw new AppError('DEPENDENCY_UNAVAILABLE', 'The store of this stream is away');
    const taken = await this.store.takeOver(found.hot, key);
    return taken && this.start(taken.target, decodeHeader(taken.head.header), stream, produce);
  }

  private checkOpen(): void {
    if (this.drain.draining) {
      throw new AppError('NOT_READY', 'The service is stopping', { retryAfterMs: DRAIN_RETRY_MS });
    }
    this.runner.checkRoom();
  }

  private async start(target: LogTarget, header: LogHeader, hooks: RunHooks, produce: Produce): Promise<RunningLog> {
    const { hot, key } = target;
    // The work begins while its record is written; whoever asked for it hears of it when both are under way.
    const over = this.runner.start({ target, header, hooks }, produce);
    await this.record(header, key.id);
    return { hot, key, header, over };
  }

  /** Without a database the run goes on; it is recorded when it ends. */
  private async record(header: LogHeader, streamId: string): Promise<void> {
    try {
      await this.runs.announce(runOf(header, streamId));
    } catch (cause) {
      if (isUnavailable(cause)) return;
      this.runner.find(streamId)?.cancel();
      throw cause;
    }
  }
}
