import type { Time } from '../platform.js';

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

/** Time that moves only while nothing else can happen: the next timer is then due. */
export class FakeTime implements Time {
  /** Waits that ran to their end, ms. */
  readonly waits: number[] = [];
  private instant = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  private readonly timers = new Set<Timer>();

  readonly now = (): number => this.instant;

  readonly random = (): number => 0.5;

  readonly after = (ms: number, task: () => void): (() => void) => {
    const fire = (): void => {
      this.waits.push(ms);
      task();
    };
    const timer = { due: this.instant + ms, task: fire };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  /** Timers that nobody took back. */
  get pending(): number {
    return this.timers.size;
  }

  /** Runs work to its end. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    for (let turn = 0; !settled; turn += 1) {
      if (turn > 200_000) throw new Error('The work never ends');
      await quiet();
      if (!settled) this.runNext();
    }
    return work;
  }

  private runNext(): void {
    const [next] = [...this.timers].sort((a, b) => a.due - b.due);
    if (next === undefined) return;
    this.timers.delete(next);
    this.instant = next.due;
    next.task();
  }
}

async function quiet(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await new Promise((resolve) => setImmediate(resolve));
}
