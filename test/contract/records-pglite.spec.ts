import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqlRecords } from '#src/idempotency/adapters/sql-records.js';
import type { Claimed, Held } from '#src/idempotency/records.port.js';
import type { Sql } from '#src/storage/index.js';
import { makeDataDir } from '../support/data-dir.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openPglite } from '../support/pglite.ts';
import { recordsContract } from './records.contract.ts';
import { sqlRecordsChecks, sqlSubject } from './records-sql.subject.ts';

let directory: string;
let store: Sql;

beforeAll(async () => {
  directory = makeDataDir({});
  store = await openPglite(directory, 5_000);
}, 60_000);

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

describe('records in the embedded database', () => {
  it.each(Object.entries(sqlRecordsChecks))('%s', (_title, check) => check(store));
});

class Trusting extends SqlRecords {
  override async claim(): Promise<Claimed> {
    return { state: 'mine' };
  }
}

class Careless extends SqlRecords {
  override async free({ name }: Held): Promise<void> {
    const found = await super.claim({ name, holder: 'whoever' });
    await super.free({ name, holder: found.state === 'stored' ? found.holder : 'whoever' });
  }
}

class Sleepy extends SqlRecords {
  override renew = async (): Promise<void> => undefined;
}

describe('the contract catches records that', () => {
  it.each([
    ['give a name to everybody', Trusting, 'gives a name to exactly one of many racing callers'],
    ['free only what is answered', Careless, 'forgets a name that was freed'],
    ['renew nothing', Sleepy, 'believes a holder that renews for as long as it does'],
  ])('%s', async (_what, Broken, title) => {
    const clock = new FakeClock();
    const subject = {
      ...sqlSubject(store),
      records: new Broken(store, clock),
      pass: (ms: number) => clock.advance(ms),
    };
    await expect(recordsContract[title]?.(subject)).rejects.toThrow();
  });
});
