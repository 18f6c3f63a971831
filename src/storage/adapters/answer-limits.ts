import { setTimeout as timer } from 'node:timers';

/**
 * Calls back once this much time has passed and the process has looked at its sockets after it. While it was busy itself it
 * did not, and what came meanwhile is no later for that.
 *
 * @returns what calls it off
 */
export function afterListening(ms: number, then: () => void): () => void {
  // Of one round of the event loop timers are first, then sockets, then this.
  const timeout = timer(() => setImmediate(then), ms);
  return () => clearTimeout(timeout);
}

/** What was asked in one turn of the process. */
class Turn {
  private readonly waits = new Set<() => void>();
  private callOff: (() => void) | undefined;

  add(late: () => void): void {
    this.waits.add(late);
  }

  answered(late: () => void): void {
    this.waits.delete(late);
    if (this.waits.size === 0) this.callOff?.();
  }

  sent(limitMs: number): void {
    if (this.waits.size === 0) return;
    this.callOff = afterListening(limitMs, () => {
      for (const late of this.waits) late();
    });
  }
}

/**
 * The longest wait for answers, one timer for all that is asked in a turn of the process. It counts from the end of the
 * turn: what is asked leaves the process then, however long the turn was.
 */
export class AnswerLimits {
  private turn: Turn | undefined;

  constructor(private readonly limitMs: number) {}

  /**
   * @param late called unless the wait is over before
   * @returns what ends the wait
   */
  begin(late: () => void): () => void {
    const turn = this.turn ?? this.open();
    turn.add(late);
    return () => turn.answered(late);
  }

  private open(): Turn {
    const turn = new Turn();
    this.turn = turn;
    setImmediate(() => {
      this.turn = undefined;
      turn.sent(this.limitMs);
    });
    return turn;
  }
}
