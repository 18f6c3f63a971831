import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { startPostgres as open } from '#src/storage/adapters/postgres-start.js';
import type { Sql } from '#src/storage/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { sqlContract } from './sql.contract.ts';

const config = { DATABASE_POOL_SIZE: 5, DATABASE_TIMEOUT: 2_000 };
const connect = (url: string): Promise<Sql> =>
  open(url, config, { degradation: new Degradation(), clock: new SystemClock(), log: new QuietLog() });

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe.each([
  ['a superuser', async () => server.database()],
  [
    'an owner that may make roles',
    async () => {
      await server.query('CREATE ROLE maker LOGIN CREATEROLE');
      await server.query('CREATE DATABASE made OWNER maker');
      return server.urlOf('maker', 'made');
    },
  ],
  [
    'an owner that was given the role',
    async () => {
      await server.query('CREATE ROLE given LOGIN');
      await server.query('GRANT countersign_app TO given');
      await server.query('CREATE DATABASE given_one OWNER given');
      return server.urlOf('given', 'given_one');
    },
  ],
])('PostgreSQL as %s', (_who, address) => {
  let store: Sql;

  beforeAll(async () => {
    store = await connect(await address());
  });

  afterAll(() => store.close());

  it.each(Object.entries(sqlContract))('%s', (_title, check) => check(store));
});

describe('the start on PostgreSQL', () => {
  it('migrates once when many processes start together', async () => {
    const url = await server.database();
    const stores = await Promise.all(Array.from({ length: 4 }, () => connect(url)));
    const rows = await stores[0]?.system((tx) => tx.select({ n: sql<string>`name` }).from(sql`schema_migrations`));
    expect(rows?.map(({ n }) => n)).toContain('0001_init.sql');
    await Promise.all(stores.map((store) => store.close()));
  });

  it('refuses a migration that was changed after it was applied', async () => {
    const url = await server.database();
    const store = await connect(url);
    await store.system((tx) => tx.execute(sql`UPDATE schema_migrations SET sha256 = 'other'`));
    await store.close();
    await expect(connect(url)).rejects.toThrow('Migration 0001_init.sql was changed after it was applied');
  });

  it('says what to run when the role may not be taken', async () => {
    await server.query('CREATE ROLE nobody LOGIN');
    await server.query('CREATE DATABASE bare OWNER nobody');
    await expect(connect(server.urlOf('nobody', 'bare'))).rejects.toThrow('GRANT countersign_app TO nobody;');
  });

  it('refuses a role that bypasses row security', async () => {
    await server.query('ALTER ROLE countersign_app BYPASSRLS');
    await expect(connect(await server.database())).rejects.toThrow(
      'ALTER ROLE countersign_app NOSUPERUSER NOBYPASSRLS;',
    );
    await server.query('ALTER ROLE countersign_app NOBYPASSRLS');
  });

  it('does not wait for a database that does not exist, and names no password', async () => {
    const url = server.urlOf('postgres:geheim', 'missing');
    const failure = await connect(url).then(String, String);
    expect(failure).toContain(`PostgreSQL at 127.0.0.1:${server.port}/missing cannot be used`);
    expect(failure).not.toContain('geheim');
  });
});
