import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Degradation } from '#src/kernel/index.js';
import type { Sql } from '#src/storage/index.js';
import { makeDataDir } from '../support/data-dir.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openPglite } from '../support/pglite.ts';
import { timed } from './storage.subject.ts';

const TIMEOUT_MS = 1_000;
/** A busy machine is late; one that waits for the store is later still. */
const SLACK_MS = 750;
const START_MS = 60_000;

let directory: string;

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const addKey = (store: Sql, kid: string) =>
  store.system((tx) => tx.execute(sql`INSERT INTO signing_keys VALUES (${kid}, '{}', now())`));

const countKeys = (store: Sql) =>
  store.system(async (tx) => (await tx.select({ kid: sql`kid` }).from(sql`signing_keys`)).length);

describe('the embedded database', () => {
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'pglite-'));
  });

  it(
    'keeps its rows over a restart, and one process uses it at a time',
    async () => {
      const first = await openPglite(directory, TIMEOUT_MS);
      await addKey(first, 'k');
      await expect(openPglite(directory, TIMEOUT_MS)).rejects.toThrow('in use by process');
      await first.close();
      const second = await openPglite(directory, TIMEOUT_MS);
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
      const store = await openPglite(directory, TIMEOUT_MS);
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
      const failure = await openPglite(directory, TIMEOUT_MS).then(String, String);
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
      const store = await openPglite(directory, TIMEOUT_MS);
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

/** Takes the write-ahead log away, so that the next write makes the engine panic. */
async function unplug(store: Sql): Promise<() => void> {
  const [log, away] = [path.join(directory, 'data', 'pg_wal'), path.join(directory, 'pg_wal.away')];
  renameSync(log, away);
  // The segment in hand stays open: the engine asks for the next one.
  await store.system((tx) => tx.execute(sql`SELECT pg_switch_wal()`));
  return () => renameSync(away, log);
}

const STEADY_MS = 60_000;
const RECOVERY_MS = 10_000;
/** So many outages in a row and the database counts as gone. */
const FAILURES_TO_OPEN = 3;

describe('the embedded database whose engine crashes', () => {
  let store: Sql;
  let clock: FakeClock;
  let degradation: Degradation;
  const write = (kid: string) => timed(() => addKey(store, kid));

  /** Writes until it succeeds, with time passing in between. */
  async function recovered(stepMs: number): Promise<boolean> {
    for (const deadline = performance.now() + RECOVERY_MS; performance.now() < deadline; ) {
      await clock.advance(stepMs);
      if ((await write('after')).ended === 'ok') return true;
    }
    return false;
  }

  beforeEach(async () => {
    clock = new FakeClock();
    degradation = new Degradation();
    directory = makeDataDir({});
    store = await openPglite(directory, TIMEOUT_MS, clock, degradation);
    await clock.advance(STEADY_MS);
  }, START_MS);
  afterEach(() => store.close());

  it(
    'at a statement answers that one with the code, and the next as if nothing had been',
    async () => {
      await addKey(store, 'before');
      const deep = sql.raw(`SELECT ${Array(20_000).fill('1').join(' || ')}`);
      const { ended } = await timed(() => store.system((tx) => tx.execute(deep)));
      expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
      await addKey(store, 'after');
      expect(await countKeys(store)).toBe(2);
      expect(degradation.header).toBe('');
    },
    START_MS,
  );

  it(
    'because its disk is gone hangs nobody, and is used again by itself once it is back, with all it acknowledged',
    async () => {
      await addKey(store, 'before');
      const plugIn = await unplug(store);
      const crowd = await Promise.all(Array.from({ length: 20 }, (_, n) => write(`lost ${n}`)));
      expect(new Set(crowd.map(({ ended }) => ended))).toEqual(new Set(['DEPENDENCY_UNAVAILABLE']));
      // On a slow machine the crowd is still waiting for its turn when the engine is found dead the second time.
      for (let call = 0; call < FAILURES_TO_OPEN && degradation.header === ''; call++) await write('lost again');
      expect(degradation.header).toBe('sql');
      const { ms } = await write('at once');
      expect(ms).toBeLessThan(SLACK_MS);

      plugIn();
      expect(await recovered(1_000)).toBe(true);
      expect(degradation.header).toBe('');
      expect(await countKeys(store)).toBe(2);
    },
    START_MS,
  );

  it(
    'while its files are away is opened less and less often, and never anew',
    async () => {
      const [data, away] = [path.join(directory, 'data'), path.join(directory, 'away')];
      const plugIn = await unplug(store);
      for (let call = 0; call < FAILURES_TO_OPEN; call++) await write('lost');
      plugIn();
      renameSync(data, away);
      // Tried after 1, 2, 4, 8, 16 and 30 seconds, and every 30 from then on.
      await clock.advance(100_000);
      expect(existsSync(data)).toBe(false);
      renameSync(away, data);
      await clock.advance(2_000);
      expect((await write('too early')).ended).toBe('DEPENDENCY_UNAVAILABLE');
      expect(await recovered(30_000)).toBe(true);
    },
    START_MS,
  );
});
