import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { startPostgres as open } from '#src/storage/adapters/postgres-start.js';
import type { Sql } from '#src/storage/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { timed } from './storage.subject.ts';

const TIMEOUT_MS = 1_000;
/** A busy machine is late; one that waits for the store is later still. */
const SLACK_MS = 750;
const AT_ONCE_MS = 500;
const RECOVERY_MS = 10_000;
const POOL_SIZE = 3;

let server: PostgresServer;
let proxy: TcpProxy;
let store: Sql;
let degradation: Degradation;

const write = () => timed(() => store.tenant('a', (tx) => tx.execute(sql`SELECT 1`)));
const alone = () => timed(() => store.statement('a', sql`SELECT 1`));
const SLEEP = sql`SELECT pg_sleep(5)`;
const sleep = () => timed(() => store.tenant('a', (tx) => tx.execute(SLEEP)));
const sleepAlone = () => timed(() => store.statement('a', SLEEP));

const connect = (url: string): Promise<Sql> => {
  degradation = new Degradation();
  const config = { DATABASE_POOL_SIZE: POOL_SIZE, DATABASE_TIMEOUT: TIMEOUT_MS };
  return open(url, config, { degradation, clock: new SystemClock(), log: new QuietLog() });
};

const recovered = (): Promise<void> =>
  until('it is used again', async () => (await write()).ended === 'ok', { patienceMs: RECOVERY_MS, pauseMs: 20 });

async function sleeping(): Promise<number> {
  return (await server.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).length;
}

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server[Symbol.asyncDispose]());

afterEach(async () => {
  await store.close();
  await proxy[Symbol.asyncDispose]();
});

const through = async (): Promise<void> => {
  proxy = await startTcpProxy(server.port);
  store = await connect(`postgres://postgres@127.0.0.1:${proxy.port}/postgres`);
};

/** Every call ends in time while the server is away, soon at once, and it is used again without a restart. */
async function survives(goAway: () => Promise<void> | void, comeBack: () => Promise<void> | void): Promise<void> {
  await through();
  expect((await write()).ended).toBe('ok');
  await goAway();
  for (const call of [write, alone, write]) {
    const { ended, ms } = await call();
    expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
    expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  }
  const many = await Promise.all(Array.from({ length: 25 }, () => [write(), alone()]).flat());
  expect(new Set(many.map(({ ended }) => ended))).toEqual(new Set(['DEPENDENCY_UNAVAILABLE']));
  expect(Math.max(...many.map(({ ms }) => ms))).toBeLessThan(AT_ONCE_MS);
  expect(degradation.header).toBe('sql');

  await comeBack();
  await recovered();
  expect(degradation.header).toBe('');
}

describe('PostgreSQL', () => {
  it('crashes, and is started again', () =>
    survives(
      () => server.stop(),
      () => server.restart(),
    ));

  it('freezes, and thaws', () =>
    survives(
      () => server.freeze(),
      () => server.thaw(),
    ));

  it('is reached over a network that is cut, and mended', () =>
    survives(
      () => proxy.cut(),
      () => proxy.heal(),
    ));

  it('is reached over a network that loses every byte without a word, and is mended', () =>
    survives(
      () => proxy.stall(),
      () => proxy.heal(),
    ));

  it('is reached over a network slower than the limit, and fast again', () =>
    survives(
      () => proxy.slowDown(TIMEOUT_MS * 2),
      () => proxy.heal(),
    ));

  it('crashes in the middle of transactions: each ends with the code, none with a crash of ours', async () => {
    await through();
    const halfway = Promise.withResolvers<void>();
    let begun = 0;
    const running = Array.from({ length: POOL_SIZE }, () =>
      timed(() =>
        store.tenant('a', async (tx) => {
          begun += 1;
          await halfway.promise;
          return tx.execute(sql`SELECT 1`);
        }),
      ),
    );
    await until('each is in its transaction', () => begun === POOL_SIZE);
    await server.stop();
    halfway.resolve();
    for (const { ended } of await Promise.all(running)) expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
    await server.restart();
    await recovered();
  });

  it('crashes in the middle of statements that came alone: each ends with the code', async () => {
    await through();
    const running = Array.from({ length: POOL_SIZE }, sleepAlone);
    await until('each statement runs', async () => (await sleeping()) === POOL_SIZE);
    await server.stop();
    for (const { ended } of await Promise.all(running)) expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
    await server.restart();
    await recovered();
  });

  it('takes too long for a statement: only that call fails', async () => {
    await through();
    for (const call of [sleep, sleepAlone, sleep, sleepAlone, sleepAlone]) {
      const { ended, ms } = await call();
      expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
      expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    }
    expect((await write()).ended).toBe('ok');
    expect(degradation.header).toBe('');
  });

  it('has no connection left: callers wait as long as agreed, and the rest goes on', async () => {
    await through();
    const busy = Promise.withResolvers<void>();
    const holders = Array.from({ length: POOL_SIZE }, () => timed(() => store.system(() => busy.promise)));
    for (let call = 0; call < 5; call++) {
      const { ended, ms } = await write();
      expect(ended).toBe('DEPENDENCY_UNAVAILABLE');
      expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    }
    busy.resolve();
    expect((await Promise.all(holders)).map(({ ended }) => ended)).toEqual(holders.map(() => 'ok'));
    expect((await write()).ended).toBe('ok');
    expect(degradation.header).toBe('');
  });

  it('is not there at the start, and comes', async () => {
    proxy = await startTcpProxy(server.port);
    proxy.cut();
    const starting = connect(`postgres://postgres@127.0.0.1:${proxy.port}/postgres`);
    await until('it was looked for in vain', () => proxy.refused > 0);
    proxy.heal();
    store = await starting;
    await recovered();
  });
});
