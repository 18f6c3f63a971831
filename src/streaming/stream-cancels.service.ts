import { Injectable } from '@nestjs/common';
import { AppError } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { decodeHeader } from './log-header.js';
import type { LogHead } from './log-types.js';
import { Orphans } from './orphans.service.js';
import { Runs } from './runs.service.js';
import type { StreamView } from './stream.schema.js';
import { isStreamId } from './stream-id.policy.js';
import { owns, type StreamOwner } from './stream-owner.js';
import { StreamRunner } from './stream-runner.service.js';
import { BEHIND_ALL, type Found, logKey, StreamStore } from './stream-store.service.js';
import { readEnd } from './terminal-event.js';

/** A run whose process is gone. */
export interface LeftRun {
  readonly runId: string;
  readonly streamId: string | undefined;
  readonly owner: StreamOwner;
}

/** Stops runs, wherever they run. */
@Injectable()
export class StreamCancels {
  constructor(
    private readonly store: StreamStore,
    private readonly runner: StreamRunner,
    private readonly orphans: Orphans,
    private readonly runs: Runs,
  ) {}

  /** Asks the run to stop. A stream that is over stays as it is: asking again changes nothing. */
  async cancel(streamId: string, owner: StreamOwner): Promise<StreamView> {
    if (!isStreamId(streamId)) throw noSuchStream();
    const key = logKey(owner.tenantId, streamId);
    const found = await this.store.find(key, BEHIND_ALL);
    if (found.state === 'unreachable') return this.cancelHere(streamId, owner);
    if (found.state === 'missing') return this.durableStatus(streamId, owner);
    const { hot, slice } = found;
    if (!owns(decodeHeader(slice.head.header).owner, owner)) throw noSuchStream();
    return { id: streamId, status: await this.stop(hot, key, slice.head) };
  }

  /** Leaves a run of this process to another one. */
  leave(streamId: string): void {
    this.runner.find(streamId)?.leave();
  }

  /**
   * Ends a run that nobody will take up, with its log if that is still there.
   *
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE` when that cannot be known now, or somebody works at it
   */
  async abandon({ runId, streamId, owner }: LeftRun, error: AppError): Promise<void> {
    const key = logKey(owner.tenantId, streamId ?? '');
    const found: Found = streamId === undefined ? { state: 'missing' } : await this.store.find(key, BEHIND_ALL);
    if (found.state === 'missing') {
      return this.runs.close({ id: runId, tenantId: owner.tenantId }, { status: 'failed', problem: error.code });
    }
    if (found.state === 'unreachable' || found.slice.head.held) throw new AppError('DEPENDENCY_UNAVAILABLE');
    await this.orphans.end(found.hot, key, error);
  }

  private async stop(hot: Hot, key: HotKey, head: LogHead): Promise<StreamView['status']> {
    if (head.final) return this.finalStatus(hot, key, head);
    const run = this.runner.find(key.id);
    if (run !== undefined) {
      run.cancel();
      return 'cancelling';
    }
    if (!head.held && (await this.orphans.end(hot, key, new AppError('CANCELLED', 'The run was cancelled')))) {
      return 'cancelled';
    }
    if (await hot.requestCancel(key)) return 'cancelling';
    const last = (await hot.readLog(key, BEHIND_ALL, 1))?.head;
    return last === undefined ? 'failed' : this.finalStatus(hot, key, last);
  }

  /** The shared store does not answer, but the run may be right here. */
  private cancelHere(streamId: string, owner: StreamOwner): StreamView {
    const run = this.runner.find(streamId);
    if (run === undefined) throw new AppError('DEPENDENCY_UNAVAILABLE', 'The store of this stream does not answer');
    if (!owns(run.header.owner, owner)) throw noSuchStream();
    run.cancel();
    return { id: streamId, status: 'cancelling' };
  }

  private async finalStatus(hot: Hot, key: HotKey, head: LogHead): Promise<StreamView['status']> {
    return (await readEnd(hot, key, head)).status;
  }

  private async durableStatus(streamId: string, owner: StreamOwner): Promise<StreamView> {
    const run = await this.runs.ofStream(streamId, owner);
    if (run === undefined) throw noSuchStream();
    // A running run without a log has lost it: nobody can stop it or hear of it any more.
    return { id: streamId, status: run.status === 'running' ? 'failed' : run.status };
  }
}

const noSuchStream = (): AppError => new AppError('NOT_FOUND', 'No such stream');
