import type { Clock, Log, Stop } from '#src/kernel/index.js';
import { Outage } from '../dependency-gate.js';
import type { PgliteEngine } from './pglite-engine.js';
import { reopenDatabase } from './pglite-open.js';
import { waitBeforeReopening } from './reopening.policy.js';

/**
 * The embedded engine over its crashes: a crashed one is left and another opened on the same files, which then recovers as
 * after a killed process. Its callers take turns.
 */
export class PgliteLives {
  private engine: PgliteEngine | undefined;
  private openedAt: number;
  private waitMs = 0;
  private waiting: Stop | undefined;
  private lastFailure: unknown;

  constructor(
    private readonly directory: string,
    engine: PgliteEngine,
    private readonly parts: { readonly clock: Clock; readonly log: Log },
  ) {
    this.engine = engine;
    this.openedAt = parts.clock.now();
  }

  /** @throws {Outage} when the engine crashes at this work, or has crashed and is not open again */
  async run<T>(work: (engine: PgliteEngine) => Promise<T>): Promise<T> {
    const engine = this.engine ?? (await this.reopen());
    try {
      return await work(engine);
    } catch (error) {
      if (engine.crash === undefined) throw error;
      await engine.abandon();
      this.parts.log.error({ err: engine.crash }, 'database.crashed');
      throw this.failed(engine.crash);
    }
  }

  async close(): Promise<void> {
    this.waiting?.();
    await this.engine?.close();
  }

  private async reopen(): Promise<PgliteEngine> {
    if (this.waiting !== undefined) throw new Outage('store', this.lastFailure);
    const { clock, log } = this.parts;
    this.openedAt = clock.now();
    try {
      this.engine = await reopenDatabase(this.directory);
    } catch (error) {
      log.error({ err: error }, 'database.not_reopened');
      throw this.failed(error);
    }
    log.warn({ took_ms: clock.now() - this.openedAt }, 'database.reopened');
    return this.engine;
  }

  private failed(cause: unknown): Outage {
    const { clock } = this.parts;
    this.engine = undefined;
    this.lastFailure = cause;
    this.waitMs = waitBeforeReopening(this.waitMs, clock.now() - this.openedAt);
    if (this.waitMs > 0) this.waiting = clock.after(this.waitMs, () => (this.waiting = undefined));
    return new Outage('store', cause);
  }
}
