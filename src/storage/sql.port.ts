import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** One open transaction. Drizzle's query builder, whichever driver is underneath. */
export type Tx = PgDatabase<PgQueryResultHKT>;

/**
 * Durable data: nothing acknowledged is lost.
 *
 * Both calls run `work` in one transaction that commits when its promise resolves and rolls back when it rejects.
 * They never wait longer than the configured timeout: a store that cannot answer raises
 * `DEPENDENCY_UNAVAILABLE`, and is used again by itself once it is back. An error of `work` itself passes unchanged.
 */
export abstract class Sql {
  abstract readonly kind: 'pglite' | 'postgres';

  /**
   * A transaction that sees and writes rows of this tenant only. Row-level security enforces it:
   * the transaction runs as a role that cannot bypass the policies.
   */
  abstract tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;

  /** A transaction across tenants, for start-up, sweeps and finding out whose credential this is. */
  abstract system<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /** Round-trip time in milliseconds; raises `DEPENDENCY_UNAVAILABLE` when there is no answer in time. */
  abstract ping(): Promise<number>;

  abstract close(): Promise<void>;
}
