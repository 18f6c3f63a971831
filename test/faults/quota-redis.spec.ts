import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Instances } from '../../src/quota/instances.service.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const LIMIT = 100;
/** A request in a minute comes back: while a test runs, next to nothing does. */
const env = (server: RedisServer) => ({
  REDIS_URL: server.url,
  RATE_LIMIT_RPM: '1',
  RATE_LIMIT_BURST: String(LIMIT),
  REDIS_COMMAND_TIMEOUT: '500',
});

let redis: RedisServer;
let one: TestApp;
let other: TestApp;

beforeAll(async () => {
  redis = await startRedis();
  [one, other] = await Promise.all([startApp({ env: env(redis) }), startApp({ env: env(redis) })]);
  await until(
    'each knows of the other',
    () => one.app.get(Instances).count === 2 && other.app.get(Instances).count === 2,
  );
});
afterAll(async () => {
  await Promise.all([one, other].map((server) => server[Symbol.asyncDispose]()));
  await redis[Symbol.asyncDispose]();
});

const ask = (server: TestApp, key: string = keys.user) =>
  server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) });
const rush = (count: number, serverOf: (turn: number) => TestApp, key?: string) =>
  Promise.all(Array.from({ length: count }, (_, turn) => ask(serverOf(turn), key)));
const count = (answers: readonly { readonly statusCode: number }[], status: number): number =>
  answers.filter(({ statusCode }) => statusCode === status).length;
const healthy = async (): Promise<void> => {
  for (const server of [one, other]) {
    await until(
      'Redis is used again',
      async () => (await ask(server, keys.auditor)).headers['x-countersign-degraded'] === undefined,
    );
  }
};

const buckets = async (): Promise<readonly string[]> =>
  (await redis.command('keys', '*:bucket:*')).split('\n').filter((name) => name !== '');
const forgetBuckets = async (): Promise<void> => {
  const names = await buckets();
  if (names.length > 0) await redis.command('del', ...names);
};

describe('two instances with one Redis', () => {
  beforeEach(async () => {
    await healthy();
    await forgetBuckets();
  });

  it('let exactly as many of a thousand racing requests pass as the limit says', async () => {
    const answers = await rush(1_000, (turn) => (turn % 2 === 0 ? one : other));
    expect([count(answers, 200), count(answers, 429)]).toEqual([LIMIT, 900]);
    const left = answers.map(({ headers }) => Number(headers['x-ratelimit-remaining-requests']));
    expect(new Set(left).size).toBe(LIMIT);
  });

  it('say truly when to come back, by the clock of Redis', async () => {
    await using quick = await startApp({
      env: { ...env(redis), REDIS_NAMESPACE: 'quick', RATE_LIMIT_RPM: '120', RATE_LIMIT_BURST: '1' },
    });
    await ask(quick, keys.foreign);
    const refused = await ask(quick, keys.foreign);
    expect(refused.statusCode).toBe(429);
    const waitMs = Number(refused.headers['retry-after-ms']);
    const from = performance.now();
    await until('the wait is over', () => performance.now() - from >= waitMs);
    expect((await ask(quick, keys.foreign)).statusCode).toBe(200);
  });

  it('leave nothing in Redis that never expires', async () => {
    await rush(5, () => one);
    const kept = await buckets();
    expect(kept).toHaveLength(2);
    for (const bucket of kept) expect(Number(await redis.command('pttl', bucket))).toBeGreaterThan(0);
  });

  it('survive a value in Redis that is none of theirs', async () => {
    await ask(one, keys.reviewer);
    for (const bucket of await buckets()) {
      await redis.command('del', bucket);
      await redis.command('lpush', bucket, 'what is this');
    }
    const { statusCode, headers } = await ask(one, keys.reviewer);
    expect([statusCode, headers['x-countersign-degraded']]).toEqual([200, undefined]);
  });

  it('go on with their share of what is left, not of the whole, when Redis is lost', async () => {
    const spent = await rush(LIMIT * 0.6, (turn) => (turn % 2 === 0 ? one : other), keys.admin);
    expect(count(spent, 200)).toBe(LIMIT * 0.6);
    redis.freeze();
    const allowed = await Promise.all(
      [one, other].map(async (server) => count(await rush(LIMIT, () => server, keys.admin), 200)),
    );
    redis.thaw();
    for (const each of allowed) {
      expect(each).toBeGreaterThanOrEqual(LIMIT * 0.2);
      // Half of the limit is what a process had that knew nothing of the past.
      expect(each).toBeLessThan(LIMIT * 0.3);
    }
  });

  it.each<[string, string, () => Promise<void>, () => Promise<void>]>([
    ['is frozen', keys.user2, async () => redis.freeze(), async () => redis.thaw()],
    ['is gone', keys.approver, () => redis.kill(), () => redis.restart()],
  ])(
    'enforce half the limit each while Redis %s, and the whole of it together after',
    async (_how, key, lose, restore) => {
      await lose();
      for (const server of [one, other]) {
        const start = performance.now();
        const answers = await rush(LIMIT * 2, () => server, key);
        expect(performance.now() - start).toBeLessThan(5_000);
        expect([count(answers, 200), count(answers, 429)]).toEqual([LIMIT / 2, LIMIT * 1.5]);
        expect(answers.filter(({ headers }) => headers['x-countersign-degraded'] !== 'redis')).toEqual([]);
      }
      const { body } = await one.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' });
      expect(Number(/countersign_quota_alone_total (\d+)/.exec(body)?.[1])).toBeGreaterThanOrEqual(LIMIT * 2);
      await restore();
      await healthy();
      await forgetBuckets();
      const after = await rush(LIMIT * 2, (turn) => (turn % 2 === 0 ? one : other), key);
      expect(count(after, 200)).toBe(LIMIT);
    },
  );
});
