import type { Query } from 'drizzle-orm';
import pg from 'pg';
import type { Row } from '../sql.port.js';
import { ENTER_TENANT } from './app-role.js';

/** For `pg` to send, and what comes of it. */
interface TenantStatement {
  readonly query: pg.Query;
  readonly answer: Promise<readonly Row[]>;
}

/**
 * A statement of a tenant that is sent together with what makes it the tenant's, before the server is told to finish
 * (extended query protocol). Up to there it is one transaction: the server takes them in their order, skips the rest after a
 * failure, and keeps both or nothing. It needs no `BEGIN` that could fail by itself, and leaves nothing to end.
 */
export function tenantStatement(tenantId: string, { sql, params }: Query): TenantStatement {
  const { promise: answer, resolve, reject } = Promise.withResolvers<readonly Row[]>();
  const query = new pg.Query(extended(sql, params), (error, results) => {
    if (error) reject(error);
    else resolve(lastOf(results));
  });
  const { submit } = query;
  query.submit = (connection) => {
    connection.stream.cork();
    connection.parse({ name: '', text: ENTER_TENANT, types: [] }, MORE);
    connection.bind({ values: [tenantId] }, MORE);
    connection.execute(null, MORE);
    submit.call(query, connection);
    connection.stream.uncork();
  };
  return { query, answer };
}

/** Asked for by the types of `pg`, which leaves it to the stream what is sent together. */
const MORE = true;

/** Without the mode, which its types leave out, `pg` sends a statement that has no values by the other protocol. */
const extended = (text: string, values: unknown[]): pg.QueryConfig & { readonly queryMode: 'extended' } => ({
  ...{ text, values },
  queryMode: 'extended',
});

/** Of two statements there are two results. */
function lastOf(results: unknown): readonly Row[] {
  const last: unknown = Array.isArray(results) ? results.at(-1) : undefined;
  return last instanceof pg.Result ? last.rows : [];
}
