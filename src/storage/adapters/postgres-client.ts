import type { SQL } from 'drizzle-orm';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { PoolClient } from 'pg';
import type { Row, Tx } from '../sql.port.js';
import { isLoss, rolledBack } from '../sql-error.policy.js';
import { tenantStatement } from './tenant-statement.js';

const DIALECT = new PgDialect();
const NO_SCHEMA = undefined;

/**
 * A pooled connection for the time of one transaction. It remembers when the server was lost, sends nothing from then on,
 * and refuses statements that arrive after the transaction, so that none can land in the next one.
 */
export class TransactionClient {
  /** The driver's error after which the connection is not usable. */
  loss: { readonly error: unknown } | undefined;
  private ended = false;

  constructor(private readonly client: PoolClient) {
    client.on('error', this.broken);
  }

  /** @param first a statement that is sent together with `BEGIN`: it costs no round trip */
  async transaction<T>(first: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      await this.query([first === undefined ? 'BEGIN' : `BEGIN; ${first}`]);
      const result = await work(this.tx());
      await this.commit();
      return result;
    } catch (error) {
      await this.query(['ROLLBACK']);
      throw error;
    }
  }

  /** A transaction of one statement of a tenant. */
  statement(tenantId: string, statement: SQL): Promise<readonly Row[]> {
    return this.watched(() => {
      const { query, answer } = tenantStatement(tenantId, DIALECT.sqlToQuery(statement));
      this.client.query(query);
      return answer;
    });
  }

  /** Gives the connection back, or closes it when its state is not known. */
  release(): void {
    this.ended = true;
    this.client.off('error', this.broken);
    this.client.release(this.loss !== undefined);
  }

  private readonly broken = (error: unknown): void => {
    this.loss ??= { error };
  };

  private tx(): Tx {
    // All that Drizzle uses of a client.
    const guarded = { query: (...query: unknown[]) => this.query(query) } as PoolClient;
    return new NodePgTransaction(DIALECT, new NodePgSession(guarded, DIALECT, NO_SCHEMA), NO_SCHEMA);
  }

  private async commit(): Promise<void> {
    if (!committed(await this.query(['COMMIT']))) throw rolledBack();
  }

  private query(query: readonly unknown[]): Promise<unknown> {
    return this.watched<unknown>(() => Reflect.apply(this.client.query, this.client, query));
  }

  private async watched<T>(ask: () => T | Promise<T>): Promise<T> {
    if (this.ended) throw new TypeError('The transaction has ended');
    if (this.loss !== undefined) throw this.loss.error;
    try {
      return await ask();
    } catch (error) {
      if (isLoss(error)) this.loss ??= { error };
      throw error;
    }
  }
}

/** The server answers `ROLLBACK`, without an error, when a statement of the transaction had failed. */
const committed = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'command' in result && result.command === 'COMMIT';
