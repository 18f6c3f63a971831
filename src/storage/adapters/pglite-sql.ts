import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { AppError } from '#src/kernel/index.js';
import { Sql, type Tx } from '../sql.port.js';
import { withoutValues } from '../sql-error.policy.js';
import { asTenant, checkTenant } from './app-role.js';
import { lockDirectory } from './data-dir-lock.js';
import { openDatabase } from './pglite-open.js';
import { TurnQueue, TurnTimeout } from './turn-queue.js';

const BUSY_RETRY_MS = 1_000;

/** PostgreSQL inside this process. It has one connection, so transactions take turns. */
export class PgliteSql extends Sql {
  readonly kind = 'pglite';
  private readonly turns = new TurnQueue();
  private readonly database;

  private constructor(
    private readonly lite: PGlite,
    private readonly timeoutMs: number,
    private readonly unlock: () => void,
  ) {
    super();
    this.database = drizzle(lite);
  }

  /**
   * Opens the database in a directory, made when missing.
   *
   * @param timeoutMs longest wait for a turn
   * @throws Error when another process uses the directory, or the database cannot be opened
   */
  static async open(directory: string, timeoutMs: number): Promise<PgliteSql> {
    const absolute = path.resolve(directory);
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    const unlock = await lockDirectory(absolute);
    try {
      return new PgliteSql(await openDatabase(absolute), timeoutMs, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    checkTenant(tenantId);
    return this.transaction(asTenant(tenantId), work);
  }

  system<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.transaction(undefined, work);
  }

  async ping(): Promise<number> {
    const start = performance.now();
    await this.system((tx) => tx.execute(sql`SELECT 1`));
    return performance.now() - start;
  }

  /** Waits for the transaction in hand, as long as one may wait for a turn. */
  async close(): Promise<void> {
    await this.turns.take(this.timeoutMs).catch(() => undefined);
    try {
      await this.lite.close();
    } finally {
      this.unlock();
    }
  }

  private async transaction<T>(first: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const endTurn = await this.turn();
    try {
      return await this.database.transaction(async (tx) => {
        if (first !== undefined) await tx.execute(sql.raw(first));
        return work(tx);
      });
    } catch (error) {
      throw withoutValues(error);
    } finally {
      endTurn();
    }
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
