import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { startPostgres as open } from '#src/storage/adapters/postgres-start.js';
import type { Sql } from '#src/storage/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { sqlRecordsChecks } from './records-sql.subject.ts';

let server: PostgresServer;
let store: Sql;

beforeAll(async () => {
  server = await startPostgres();
  const parts = { degradation: new Degradation(), clock: new SystemClock(), log: new QuietLog() };
  store = await open(await server.database(), { DATABASE_POOL_SIZE: 5, DATABASE_TIMEOUT: 2_000 }, parts);
}, 60_000);

afterAll(async () => {
  await store.close();
  await server[Symbol.asyncDispose]();
});

describe('records in PostgreSQL', () => {
  it.each(Object.entries(sqlRecordsChecks))('%s', (_title, check) => check(store));
});
