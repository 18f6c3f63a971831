import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import type { Tx } from '../sql.port.js';
import { isLoss, rolledBack } from '../sql-error.policy.js';

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
    const begin = first === undefined ? 'BEGIN' : `BEGIN; ${first}`;
    // All that Drizzle uses of a client.
    const guarded = {
      query: (...query: unknown[]) => this.query(isStatement(query[0], 'begin') ? [begin] : query),
    };
    return drizzle(guarded as PoolClient).transaction(work);
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

  private async query(query: readonly unknown[]): Promise<unknown> {
    if (this.ended) throw new TypeError('The transaction has ended');
    if (this.loss !== undefined) throw this.loss.error;
    try {
      const result: unknown = await Reflect.apply(this.client.query, this.client, query);
      if (isStatement(query[0], 'commit') && !committed(result)) throw rolledBack();
      return result;
    } catch (error) {
      if (isLoss(error)) this.loss ??= { error };
      throw error;
    }
  }
}

const isStatement = (query: unknown, text: string): boolean =>
  typeof query === 'object' && query !== null && 'text' in query && query.text === text;

/** The server answers `ROLLBACK`, without an error, when a statement of the transaction had failed. */
const committed = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'command' in result && result.command === 'COMMIT';
