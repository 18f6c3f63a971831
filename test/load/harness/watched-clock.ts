import type { Stop } from '#src/kernel/index.js';
import { FakeClock } from '../../support/fake-clock.ts';

/** A clock in hand that knows how long each turn of a repeated task took, and how many timers it was asked for. */
export class WatchedClock extends FakeClock {
  readonly pausesMs: number[] = [];
  timersMade = 0;

  override after(ms: number, task: () => void): Stop {
    this.timersMade += 1;
    return super.after(ms, task);
  }

  override every(ms: number, task: () => void): Stop {
    this.timersMade += 1;
    return super.every(ms, () => {
      const begin = performance.now();
      task();
      this.pausesMs.push(performance.now() - begin);
    });
  }
}
