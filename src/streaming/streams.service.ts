import { Injectable } from '@nestjs/common';
import { AppError } from '#src/kernel/index.js';
import { Abandoned } from './abandoned.js';
import { Runs } from './runs.service.js';
import type { StreamView } from './stream.schema.js';
import { type LeftRun, StreamCancels } from './stream-cancels.service.js';
import { type OpenStream, type RunningLog, StreamOpener } from './stream-opener.service.js';
import type { StreamOwner } from './stream-owner.js';
import { type FollowOptions, type ResumedStream, StreamReaders } from './stream-readers.service.js';
import type { Produce, RunOver } from './stream-run.js';

/** A run that has begun. */
export interface OpenedStream {
  readonly streamId: string;
  /** {@link Streams.follow} from the first event, for whoever asked for the run: also when its store is lost meanwhile. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Resolves when the run is over and its log ended, or left; never rejects. */
  readonly over: Promise<RunOver>;
  /** Stops the run and leaves its log as it is: another process can {@link Streams.reopen} it at once. Not once it is over. */
  readonly leave: () => void;
}

/** Streams as the features use them: open one and fill it, follow one, stop one. */
@Injectable()
export class Streams {
  constructor(
    private readonly opener: StreamOpener,
    private readonly readers: StreamReaders,
    private readonly cancels: StreamCancels,
    private readonly runs: Runs,
  ) {}

  /**
   * Opens a log and runs `produce` in the background; a caller that hangs up does not stop it.
   * What `produce` resolves to becomes the payload of the last event, an {@link AppError} the problem of it.
   *
   * @throws {AppError} `NOT_READY` while stopping or full
   */
  async open(stream: OpenStream, produce: Produce): Promise<OpenedStream> {
    return this.opened(await this.opener.open(stream, produce));
  }

  /**
   * {@link open}, going on with the log of a producer that is gone; in a new one when its log is gone, too.
   * `undefined` when somebody holds it, or it is over.
   *
   * @throws {AppError} also `DEPENDENCY_UNAVAILABLE`
   */
  async reopen(streamId: string, stream: OpenStream, produce: Produce): Promise<OpenedStream | undefined> {
    const log = await this.opener.reopen(streamId, stream, produce);
    return log && this.opened(log);
  }

  /**
   * Ready event-stream bytes, `retry:` and heartbeats included.
   *
   * @throws {AppError} before the first byte: `NOT_FOUND` (unknown, or somebody else's), `RESUME_UNAVAILABLE` (nothing kept),
   * `BAD_INPUT` (a cursor beyond the end)
   */
  follow(streamId: string, owner: StreamOwner, options: FollowOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.readers.follow(streamId, owner, options);
  }

  /**
   * {@link follow} live, for a reader that comes back by itself behind the last event it heard; `undefined` when there is none
   * after that.
   */
  rest(streamId: string, owner: StreamOwner, after: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.readers.rest(streamId, owner, after);
  }

  /**
   * {@link follow} from where a resume token points, or from `lastEventId`.
   *
   * @throws {AppError} also `RESUME_TOKEN_INVALID`
   */
  resume(
    token: string,
    owner: StreamOwner,
    options: { readonly lastEventId?: number | undefined; readonly live: boolean },
  ): Promise<ResumedStream> {
    return this.readers.resume(token, owner, options);
  }

  /**
   * {@link follow} from the first event, for who sent the request that opened it once more; `undefined` when only another run
   * can answer: its run failed and nothing of it is kept, or was stopped because nobody read.
   */
  async again(streamId: string, owner: StreamOwner): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      return await this.follow(streamId, owner, { live: true, repeat: true });
    } catch (error) {
      if (error instanceof Abandoned) return undefined;
      const lost = error instanceof AppError && error.code === 'RESUME_UNAVAILABLE';
      if (lost && (await this.runs.ofStream(streamId, owner))?.status === 'failed') return undefined;
      throw error;
    }
  }

  /** Stops the run behind a stream; does nothing to one that is over. */
  cancel(streamId: string, owner: StreamOwner): Promise<StreamView> {
    return this.cancels.cancel(streamId, owner);
  }

  /** Ends a run that no job takes up any more; {@link StreamCancels.abandon}. */
  abandon(run: LeftRun, error: AppError): Promise<void> {
    return this.cancels.abandon(run, error);
  }

  /** Forgets what a stream that is over held; the record of its run stays. */
  async forget(streamId: string, owner: StreamOwner): Promise<void> {
    await this.readers.forget(streamId, owner);
  }

  private opened(log: RunningLog): OpenedStream {
    return {
      streamId: log.key.id,
      read: () => this.readers.begin(log),
      over: log.over,
      leave: () => this.cancels.leave(log.key.id),
    };
  }
}
