import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { PgliteSql } from '#src/storage/adapters/pglite-sql.js';
import { timed } from './storage.subject.ts';

const TIMEOUT_MS = 300;
const SLACK_MS = 250;
const START_MS = 60_000;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'pglite-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const addKey = (store: PgliteSql, kid: string) =>
  store.system((tx) => tx.execute(sql`INSERT INTO signing_keys VALUES (${kid}, '{}', now())`));

const countKeys = (store: PgliteSql) =>
  store.system(async (tx) => (await tx.select({ kid: sql`kid` }).from(sql`signing_keys`)).length);

describe('the embedded database', () => {
  it(
    'keeps its rows over a restart, and one process uses it at a time',
    async () => {
      const first = await PgliteSql.open(directory, TIMEOUT_MS);
      await addKey(first, 'k');
      await expect(PgliteSql.open(directory, TIMEOUT_MS)).rejects.toThrow('in use by process');
      await first.close();
      const second = await PgliteSql.open(directory, TIMEOUT_MS);
      expect(await countKeys(second)).toBe(1);
      await second.close();
    },
    START_MS,
  );

  it(
    'begins again when the first start was killed halfway',
    async () => {
      mkdirSync(path.join(directory, 'data', 'base'), { recursive: true });
      writeFileSync(path.join(directory, 'data', 'PG_VERSION'), '18\n');
      writeFileSync(path.join(directory, 'first-start'), '');
      const store = await PgliteSql.open(directory, TIMEOUT_MS);
      expect(await countKeys(store)).toBe(0);
      expect(existsSync(path.join(directory, 'first-start'))).toBe(false);
      await store.close();
    },
    START_MS,
  );

  it(
    'says in one line that a directory holds no usable database, keeps it, and lets go of it',
    async () => {
      mkdirSync(path.join(directory, 'data'));
      writeFileSync(path.join(directory, 'data', 'PG_VERSION'), '9.6\n');
      const failure = await PgliteSql.open(directory, TIMEOUT_MS).then(String, String);
      expect(failure).toContain(`The embedded database in ${path.join(directory, 'data')} cannot be opened`);
      expect(failure.length).toBeLessThan(500);
      expect(existsSync(path.join(directory, 'data', 'PG_VERSION'))).toBe(true);
      expect(existsSync(path.join(directory, 'lock'))).toBe(false);
    },
    START_MS,
  );

  it(
    'is occupied by one transaction: others wait as long as agreed, then it goes on',
    async () => {
      const store = await PgliteSql.open(directory, TIMEOUT_MS);
      const busy = Promise.withResolvers<void>();
      const holder = store.system(() => busy.promise);
      const waiting = await Promise.all(Array.from({ length: 5 }, () => timed(() => store.ping())));
      expect(waiting.map(({ ended }) => ended)).toEqual(waiting.map(() => 'DEPENDENCY_UNAVAILABLE'));
      expect(Math.max(...waiting.map(({ ms }) => ms))).toBeLessThan(TIMEOUT_MS + SLACK_MS);
      busy.resolve();
      await holder;
      expect((await timed(() => store.ping())).ended).toBe('ok');
      await store.close();
    },
    START_MS,
  );
});
