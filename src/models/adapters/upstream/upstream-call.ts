import type { Clock, Stop } from '#src/kernel/index.js';
import { cancellation, UpstreamError, type UpstreamFault } from '../../upstream-error.js';

/** One call of ours, however many requests it takes: ends by the caller's signal or by a limit, whichever is first. */
export class UpstreamCall {
  private readonly controller = new AbortController();
  private readonly stops: Stop[] = [];

  constructor(
    private readonly clock: Clock,
    caller: AbortSignal,
  ) {
    const leave = () => this.controller.abort(cancellation(caller));
    if (caller.aborted) leave();
    caller.addEventListener('abort', leave, { once: true });
    this.stops.push(() => caller.removeEventListener('abort', leave));
  }

  /** Aborts with the error that the call ends in. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the call after `ms` unless stopped before. */
  limit(ms: number, fault: UpstreamFault, detail: string): Stop {
    return this.clock.after(ms, () => this.controller.abort(new UpstreamError(fault, detail)));
  }

  /** The limit of the whole call. */
  limitTotal(ms: number): void {
    this.stops.push(this.limit(ms, 'timeout', 'The model took longer than a call may take'));
  }

  /** Waits for work that rejects when the call ends; what it rejects with is then the call's own error. */
  async within<T>(idleMs: number, work: Promise<T>): Promise<T> {
    const stop = this.limit(idleMs, 'timeout', 'The model was silent for too long');
    try {
      return await work;
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    } finally {
      stop();
    }
  }

  /** @throws the error the call ended in, when it ended meanwhile */
  async sleep(ms: number): Promise<void> {
    await this.clock.sleep(ms, this.signal);
    this.signal.throwIfAborted();
  }

  /** Leaves no timer and no listener behind. */
  close(): void {
    for (const stop of this.stops) stop();
  }
}
