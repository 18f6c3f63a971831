import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { startPostgres as open } from '#src/storage/adapters/postgres-start.js';
import type { Sql } from '#src/storage/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { again, held, sqlRecordsChecks, sqlSubject } from './records-sql.subject.ts';

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

  it('are claimed by two processes in opposite order: each by one of them, and neither waits for the other for ever', async () => {
    for (let round = 0; round < 5; round++) {
      const names = Array.from({ length: 100 }, () => held('acme'));
      const [ours, theirs] = await Promise.all(
        [names, names.toReversed()].map((order) => {
          const { records } = sqlSubject(store);
          return Promise.all(order.map((each) => records.claim(again(each))));
        }),
      );
      const both = ours?.map(({ state }, at) => [state, theirs?.at(-1 - at)?.state].sort());
      expect(both).toEqual(names.map(() => ['mine', 'running']));
    }
  });
});
