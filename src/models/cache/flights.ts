import type { Clock, Stop } from '#src/kernel/index.js';
import { cancellation } from '../upstream-error.js';

/**
 * How a call ended for those who wait for its answer. `left`: its caller went away, or could not go on for a reason of its
 * own. `failed`: nobody else would have fared better.
 */
export type Landing<A> =
  | { readonly how: 'answered'; readonly answer: A }
  | { readonly how: 'left' }
  | { readonly how: 'failed'; readonly error: unknown };

export interface FlightTerms {
  readonly clock: Clock;
  /** Silence of the one who asks after which somebody else does. */
  readonly patienceMs: number;
}

/** One call that others wait for. */
export class Flight<A> {
  private readonly landed = Promise.withResolvers<Landing<A>>();
  private seenAt: number;
  private stopWatching: Stop = () => undefined;

  /** @param again its forerunner failed: when this one does too, nobody tries once more */
  constructor(
    readonly again: boolean,
    private readonly terms: FlightTerms,
    private readonly over: (flight: Flight<A>) => void,
  ) {
    this.seenAt = terms.clock.now();
    this.watchFor(terms.patienceMs);
  }

  /** The call goes on. */
  touch(): void {
    this.seenAt = this.terms.clock.now();
  }

  /** The first landing counts. */
  land(landing: Landing<A>): void {
    this.stopWatching();
    this.over(this);
    this.landed.resolve(landing);
  }

  /** @throws {AppError} the signal's reason, when it aborts: the call goes on without this one */
  async wait(signal: AbortSignal): Promise<Landing<A>> {
    if (signal.aborted) throw cancellation(signal);
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(cancellation(signal));
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.landed.promise, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private watchFor(ms: number): void {
    const { clock, patienceMs } = this.terms;
    this.stopWatching = clock.after(ms, () => {
      const left = this.seenAt + patienceMs - clock.now();
      if (left > 0) this.watchFor(left);
      else this.land({ how: 'left' });
    });
  }
}

/** Calls under way by the name of their question: equal questions are asked once. */
export class Flights<A> {
  private readonly byName = new Map<string, Flight<A>>();

  constructor(private readonly terms: FlightTerms) {}

  of(name: string): Flight<A> | undefined {
    return this.byName.get(name);
  }

  begin(name: string, again: boolean): Flight<A> {
    const flight = new Flight<A>(again, this.terms, (ended) => {
      if (this.byName.get(name) === ended) this.byName.delete(name);
    });
    this.byName.set(name, flight);
    return flight;
  }
}
