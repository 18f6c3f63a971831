import { type SQL, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { DependencyGate, type GateParts, Outage } from '../dependency-gate.js';
import { type Row, Sql, type Tx } from '../sql.port.js';
import { isExhausted, withoutValues } from '../sql-error.policy.js';
import { asTenant, checkTenant } from './app-role.js';
import { TransactionClient } from './postgres-client.js';

/** What `pg-pool` says when every connection stayed busy: the server is there. */
const POOL_BUSY = 'timeout exceeded when trying to connect';

export class PostgresSql extends Sql {
  readonly kind = 'postgres';
  private readonly gate: DependencyGate;

  /** @param pool connected to a migrated database, with a limit on every wait */
  constructor(
    private readonly pool: Pool,
    parts: GateParts,
  ) {
    super();
    this.gate = new DependencyGate({ dependency: 'sql', label: 'The database', probe: () => this.measure() }, parts);
  }

  async tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    checkTenant(tenantId);
    return this.gate.run(() => this.transaction(asTenant(tenantId), work));
  }

  override async statement(tenantId: string, statement: SQL): Promise<readonly Row[]> {
    checkTenant(tenantId);
    return this.gate.run(() => this.connected((client) => client.statement(tenantId, statement)));
  }

  system<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.gate.run(() => this.transaction(undefined, work));
  }

  ping(): Promise<number> {
    return this.gate.run(() => this.measure());
  }

  async close(): Promise<void> {
    this.gate.close();
    await this.pool.end();
  }

  private transaction<T>(first: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.connected((client) => client.transaction(first, work));
  }

  private async connected<T>(work: (client: TransactionClient) => Promise<T>): Promise<T> {
    const client = await this.checkOut();
    try {
      return await work(client);
    } catch (error) {
      if (client.loss !== undefined) throw new Outage('store', client.loss.error);
      if (isExhausted(error)) throw new Outage('call', withoutValues(error));
      throw withoutValues(error);
    } finally {
      client.release();
    }
  }

  private async checkOut(): Promise<TransactionClient> {
    try {
      return new TransactionClient(await this.pool.connect());
    } catch (error) {
      const busy = error instanceof Error && error.message === POOL_BUSY;
      throw new Outage(busy ? 'call' : 'store', error);
    }
  }

  private async measure(): Promise<number> {
    const start = performance.now();
    await this.transaction(undefined, (tx) => tx.execute(sql`SELECT 1`));
    return performance.now() - start;
  }
}
