import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { AppError } from '#src/kernel/index.js';
import { DependencyGate, type GateParts, Outage } from '../dependency-gate.js';
import { Sql, type Tx } from '../sql.port.js';
import { isExhausted, withoutValues } from '../sql-error.policy.js';
import { asTenant, checkTenant } from './app-role.js';
import { lockDirectory } from './data-dir-lock.js';
import { PgliteLives } from './pglite-lives.js';
import { openDatabase } from './pglite-open.js';
import { TurnQueue, TurnTimeout } from './turn-queue.js';

const BUSY_RETRY_MS = 1_000;

/** PostgreSQL inside this process. It has one connection, so transactions take turns. */
export class PgliteSql extends Sql {
  readonly kind = 'pglite';
  private readonly turns = new TurnQueue();
  private readonly gate: DependencyGate;

  private constructor(
    private readonly lives: PgliteLives,
    private readonly timeoutMs: number,
    private readonly unlock: () => void,
    parts: GateParts,
  ) {
    super();
    this.gate = new DependencyGate({ dependency: 'sql', label: 'The database', probe: () => this.measure() }, parts);
  }

  /**
   * Opens the database in a directory, made when missing.
   *
   * @param timeoutMs longest wait for a turn
   * @throws Error when another process uses the directory, or the database cannot be opened
   */
  static async open(directory: string, timeoutMs: number, parts: GateParts): Promise<PgliteSql> {
    const absolute = path.resolve(directory);
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    const unlock = await lockDirectory(absolute);
    try {
      const lives = new PgliteLives(absolute, await openDatabase(absolute), parts);
      return new PgliteSql(lives, timeoutMs, unlock, parts);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    checkTenant(tenantId);
    return this.gate.run(() => this.transaction(asTenant(tenantId), work));
  }

  system<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.gate.run(() => this.transaction(undefined, work));
  }

  ping(): Promise<number> {
    return this.gate.run(() => this.measure());
  }

  /** Waits for the transaction in hand, as long as one may wait for a turn. */
  async close(): Promise<void> {
    this.gate.close();
    await this.turns.take(this.timeoutMs).catch(() => undefined);
    try {
      await this.lives.close();
    } finally {
      this.unlock();
    }
  }

  private async transaction<T>(first: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const endTurn = await this.turn();
    try {
      return await this.lives.run((engine) => engine.transaction(first, work));
    } catch (error) {
      throw isExhausted(error) ? new Outage('call', withoutValues(error)) : withoutValues(error);
    } finally {
      endTurn();
    }
  }

  private async measure(): Promise<number> {
    const start = performance.now();
    await this.transaction(undefined, (tx) => tx.execute(sql`SELECT 1`));
    return performance.now() - start;
  }

  private async turn(): Promise<() => void> {
    try {
      return await this.turns.take(this.timeoutMs);
    } catch (cause) {
      if (!(cause instanceof TurnTimeout)) throw cause;
      throw new AppError('DEPENDENCY_UNAVAILABLE', 'The embedded database is busy', {
        retryAfterMs: BUSY_RETRY_MS,
        cause,
      });
    }
  }
}
