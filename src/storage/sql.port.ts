import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** One open transaction. Drizzle's query builder, whichever driver is underneath. */
export type Tx = PgDatabase<PgQueryResultHKT>;

/** What a statement answers, by column name, as the driver reads it. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Durable data: nothing acknowledged is lost.
 *
 * `tenant` and `system` run `work` in one transaction that commits when its promise resolves and rolls back when it rejects.
 * No call waits longer than the configured timeout: a store that cannot answer raises
 * `DEPENDENCY_UNAVAILABLE`, and is used again by itself once it is back. An error of `work` itself passes unchanged.
 */
export abstract class Sql {
  abstract readonly kind: 'pglite' | 'postgres';

  /**
   * A transaction that sees and writes rows of this tenant only. Row-level security enforces it:
   * the transaction runs as a role that cannot bypass the policies.
   */
  abstract tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;

  /**
   * One statement as a transaction of its own, seen and bound like any other of the tenant. Where the database is another
   * process this is one round trip instead of three.
   */
  async statement(tenantId: string, statement: SQL): Promise<readonly Row[]> {
    const answer: unknown = await this.tenant(tenantId, (tx) => tx.execute(statement));
    return (answer as { readonly rows: readonly Row[] }).rows;
  }

  /** A transaction across tenants, for start-up, sweeps and finding out whose credential this is. */
  abstract system<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /** Round-trip time in milliseconds; raises `DEPENDENCY_UNAVAILABLE` when there is no answer in time. */
  abstract ping(): Promise<number>;

  abstract close(): Promise<void>;
}
