import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { AppError, type Clock, type Degradation, type Dependency, type Log, type Stop } from '#src/kernel/index.js';

const FAILURES_TO_OPEN = 3;
const PROBE_EVERY_MS = 1_000;

/** A store did not answer. `store`: nobody would get an answer, so it counts for the breaker; `call`: only this call would not. */
export class Outage extends Error {
  constructor(
    readonly scope: 'store' | 'call',
    cause: unknown,
  ) {
    super('The store did not answer', { cause });
    this.name = 'Outage';
  }
}

export interface GatedStore {
  readonly dependency: Dependency;
  /** Its name as a caller may read it. */
  readonly label: string;
  /** A cheap call that rejects with an {@link Outage} while the store is away. */
  readonly probe: () => Promise<unknown>;
}

export interface GateParts {
  readonly degradation: Degradation;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps callers from queueing for a store that is gone: after a few outages in a row every call fails at once, and only a
 * probe every second asks the store, so that it is used again by itself.
 */
export class DependencyGate {
  private readonly breaker = circuitBreaker(
    handleWhen((error) => error instanceof Outage && error.scope === 'store'),
    // Nobody but the probe asks while it is open, and the clock decides when.
    { halfOpenAfter: 0, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  );
  private stopProbing: Stop | undefined;
  private probing = false;

  constructor(
    private readonly store: GatedStore,
    private readonly parts: GateParts,
  ) {
    this.breaker.onBreak((reason) => this.lost('error' in reason ? reason.error : undefined));
    this.breaker.onReset(() => this.recovered());
  }

  /** True while callers are let through. */
  get open(): boolean {
    return this.breaker.state === CircuitState.Closed;
  }

  /** Runs a call that raises {@link Outage} when the store does not answer; the caller gets `DEPENDENCY_UNAVAILABLE`. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (!this.open) throw this.unavailable(undefined);
    try {
      return await this.breaker.execute(call);
    } catch (error) {
      throw error instanceof Outage ? this.unavailable(error.cause) : error;
    }
  }

  /** Asks the store until it answers or counts as gone. */
  async settle(): Promise<void> {
    while (this.open) if (await this.probe()) return;
  }

  close(): void {
    this.stopProbing?.();
  }

  private async probe(): Promise<boolean> {
    if (this.probing) return false;
    this.probing = true;
    try {
      await this.breaker.execute(this.store.probe);
      return true;
    } catch {
      return false;
    } finally {
      this.probing = false;
    }
  }

  private lost(outage: unknown): void {
    if (this.stopProbing !== undefined) return;
    const { degradation, clock, log } = this.parts;
    degradation.mark(this.store.dependency, true);
    const err = outage instanceof Outage ? outage.cause : outage;
    log.warn({ dependency: this.store.dependency, err }, 'dependency.lost');
    this.stopProbing = clock.every(PROBE_EVERY_MS, () => void this.probe());
  }

  private recovered(): void {
    const { degradation, log } = this.parts;
    this.stopProbing?.();
    this.stopProbing = undefined;
    degradation.mark(this.store.dependency, false);
    log.info({ dependency: this.store.dependency }, 'dependency.recovered');
  }

  private unavailable(cause: unknown): AppError {
    return new AppError('DEPENDENCY_UNAVAILABLE', `${this.store.label} is not available`, {
      retryAfterMs: PROBE_EVERY_MS,
      cause,
    });
  }
}
