import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { startPostgres as open } from '#src/storage/adapters/postgres-start.js';
import type { Sql } from '#src/storage/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { QuietLog } from '../support/quiet-log.ts';

const KEYS = 10_000;
const TENANTS = 100;

let server: PostgresServer;
let store: Sql;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.database();
  const config = { DATABASE_POOL_SIZE: 1, DATABASE_TIMEOUT: 5_000 };
  store = await open(url, config, { degradation: new Degradation(), clock: new SystemClock(), log: new QuietLog() });
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO api_keys (id, tenant_id, name, kind, roles, secret_hash, created_by, created_at)
     SELECT 'key_' || lpad(n::text, 8, '0'), 'tenant_' || n % ${TENANTS}, 'k', 'api', '{user}', '\\x00', 'x', now()
     FROM generate_series(1, ${KEYS}) n`,
  );
  await client.query('ANALYZE api_keys');
}, 60_000);

afterAll(async () => {
  await client.end();
  await store.close();
  await server[Symbol.asyncDispose]();
});

/** How the database would read a page of a tenant's keys, as that tenant. */
async function planOf(condition: string): Promise<string> {
  await client.query('BEGIN');
  await client.query(
    `SELECT set_config('role', 'countersign_app', true), set_config('app.tenant_id', 'tenant_3', true)`,
  );
  const page = `SELECT * FROM api_keys WHERE tenant_id = 'tenant_3' ${condition} ORDER BY id DESC LIMIT 21`;
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF) ${page}`);
  await client.query('ROLLBACK');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe(`a page of keys among ${KEYS}`, () => {
  it.each([
    ['the first', ''],
    ['a later one', "AND id < 'key_00005000'"],
  ])('%s is read from the index of its tenant, without sorting', async (_which, condition) => {
    const plan = await planOf(condition);
    expect(plan).toContain('api_keys_by_tenant');
    expect(plan).not.toMatch(/Sort|Seq Scan|Rows Removed/);
  });
});
