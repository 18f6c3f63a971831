import { Clock, type Stop } from '#src/kernel/index.js';

interface Timer {
  due: number;
  readonly everyMs: number | undefined;
  readonly task: () => void;
}

/** Time that moves only when a test says so. Due tasks run in order of their time. */
export class FakeClock extends Clock {
  private readonly timers = new Set<Timer>();

  constructor(private instant = Date.parse('2026-01-02T03:04:05.678Z')) {
    super();
  }

  now(): number {
    return this.instant;
  }

  after(ms: number, task: () => void): Stop {
    return this.add({ due: this.instant + ms, everyMs: undefined, task });
  }

  every(ms: number, task: () => void): Stop {
    return this.add({ due: this.instant + ms, everyMs: ms, task });
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
  }

  /** Moves time on; between two due tasks pending promises get their turn. */
  async advance(ms: number): Promise<void> {
    const end = this.instant + ms;
    for (let next = this.nextDue(end); next !== undefined; next = this.nextDue(end)) {
      this.instant = next.due;
      if (next.everyMs === undefined) this.timers.delete(next);
      else next.due += next.everyMs;
      next.task();
      await settle();
    }
    this.instant = end;
    await settle();
  }

  /** Time leaps, as when a machine slept: whatever was due meanwhile is due once, at the end. */
  leap(ms: number): Promise<void> {
    const end = this.instant + ms;
    for (const timer of this.timers) if (timer.due < end) timer.due = end;
    return this.advance(ms);
  }

  private add(timer: Timer): Stop {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  private nextDue(end: number): Timer | undefined {
    return [...this.timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
