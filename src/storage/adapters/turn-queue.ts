import { setTimeout as timer } from 'node:timers';

/** Nobody gave up their turn in time. */
export class TurnTimeout extends Error {}

/** One at a time, in the order of asking, and nobody waits longer than agreed. */
export class TurnQueue {
  private readonly waiting: (() => void)[] = [];
  private taken = false;

  /**
   * Resolves when it is the caller's turn, with what ends the turn.
   *
   * @throws {TurnTimeout}
   */
  async take(timeoutMs: number): Promise<() => void> {
    if (this.taken) await this.wait(timeoutMs);
    this.taken = true;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.next();
    };
  }

  private wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const called = (): void => {
        clearTimeout(limit);
        resolve();
      };
      const limit = timer(() => {
        this.waiting.splice(this.waiting.indexOf(called), 1);
        reject(new TurnTimeout());
      }, timeoutMs);
      this.waiting.push(called);
    });
  }

  /** The turn passes on directly: `taken` stays true, so that no newcomer slips in between. */
  private next(): void {
    const called = this.waiting.shift();
    if (called === undefined) this.taken = false;
    else called();
  }
}
