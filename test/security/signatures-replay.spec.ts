import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp } from '../support/app.ts';
import { makeDataDir } from '../support/data-dir.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import {
  type Answer,
  outcomeOf,
  SIGNING_ENV,
  type Signing,
  send,
  signedRequest,
  type WireRequest,
} from '../support/signed-request.ts';
import { until } from '../support/until.ts';

const SKEW_MS = 300_000;
/** Of a client's clock. */
const AHEAD_MS = 60_000;
const READ = { method: 'GET', target: '/v1/keys', body: '' } as const;

const clock = new FakeClock();
let redis: RedisServer;
/** Without Redis. */
let lone: Instance;
/** Two that share one. */
let one: Instance;
let other: Instance;
beforeAll(async () => {
  redis = await startRedis();
  lone = await instance({});
  [one, other] = [await shared(), await shared()];
});
afterAll(async () => {
  for (const each of [lone, one, other, redis]) await each[Symbol.asyncDispose]();
});

const fresh = (options: Partial<Signing> = {}): WireRequest =>
  signedRequest({ ...READ, timestamp: clock.now(), ...options });

interface Instance extends AsyncDisposable {
  readonly port: number;
  readonly logged: () => readonly Record<string, unknown>[];
  ask(request: WireRequest): Promise<Answer>;
}

/** A service with this environment; a millisecond old, since a memory begins after the instant it was made. */
async function instance(env: Readonly<Record<string, string>>): Promise<Instance> {
  const server = await startApp({ env: { ...SIGNING_ENV, ...env }, clock });
  const port = Number(new URL(await server.listen()).port);
  await clock.advance(1);
  return {
    port,
    logged: server.logged,
    ask: (request) => send(port, request),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const shared = () => instance({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT: '1000' });
const outcomes = (answers: readonly Answer[]) => answers.map(({ status, code }) => code ?? String(status)).toSorted();

/** A request that was let through by an instance that is gone. */
async function accepted(start: () => Promise<Instance>): Promise<WireRequest> {
  await using first = await start();
  const request = fresh();
  expect((await first.ask(request)).status).toBe(200);
  await clock.advance(1);
  return request;
}

/** Lets the fake clock run until a signed request is no longer turned away for want of the store. */
const recovered = ({ ask }: Instance): Promise<void> =>
  until('the store is there again', async () => {
    await clock.advance(1_000);
    return (await ask(fresh())).code !== 'DEPENDENCY_UNAVAILABLE';
  });

describe('a request that was seen on its way and is sent again', () => {
  it('at once is refused', async () => {
    const request = fresh();
    expect(outcomes([await lone.ask(request), await lone.ask(request)])).toEqual(['200', 'REPLAY_BLOCKED']);
  });

  it('two hundred times at the same moment, to two instances, is let through once', async () => {
    const request = fresh();
    const ports = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? one : other).port);
    const race = await Promise.all(ports.map((port) => outcomeOf(port, request)));
    expect(race.toSorted()).toEqual(['200', ...Array.from({ length: 199 }, () => 'REPLAY_BLOCKED')]);
  });

  it('two hundred times to one instance without Redis is let through once', async () => {
    const request = fresh();
    const race = await Promise.all(Array.from({ length: 200 }, () => outcomeOf(lone.port, request)));
    expect(race.toSorted()).toEqual(['200', ...Array.from({ length: 199 }, () => 'REPLAY_BLOCKED')]);
  });

  it('with the same nonce and another body, newly signed, is refused', async () => {
    const nonce = crypto.randomUUID();
    await lone.ask(fresh({ nonce }));
    expect((await lone.ask(fresh({ nonce, target: '/v1/keys?limit=1' }))).code).toBe('REPLAY_BLOCKED');
  });

  it('after a restart without Redis is refused, and who signs anew is not', async () => {
    const request = await accepted(() => instance({}));
    await using second = await instance({});
    expect(outcomes([await second.ask(request), await second.ask(fresh())])).toEqual(['200', 'SIGNATURE_SKEW']);
  });

  it('after a restart with Redis is refused', async () => {
    const request = await accepted(shared);
    await using second = await shared();
    expect((await second.ask(request)).code).toBe('REPLAY_BLOCKED');
  });

  it('after Redis was emptied is refused, on every instance', async () => {
    const request = fresh();
    expect((await one.ask(request)).status).toBe(200);
    await redis.command('flushall');
    await clock.advance(5);
    const answers = await Promise.all([one.ask(request), other.ask(request), one.ask(request), other.ask(request)]);
    expect(outcomes(answers)).toEqual(Array.from({ length: 4 }, () => 'SIGNATURE_SKEW'));
    await clock.advance(1);
    expect(outcomes([await one.ask(fresh()), await other.ask(fresh())])).toEqual(['200', '200']);
  });

  it('dated ahead of our clock, after Redis was emptied, is refused, before its time comes and after', async () => {
    const request = fresh({ timestamp: clock.now() + AHEAD_MS });
    expect((await one.ask(request)).status).toBe(200);
    await redis.command('flushall');
    // Begins the new memory.
    expect((await one.ask(fresh())).code).toBe('SIGNATURE_SKEW');
    expect((await one.ask(request)).code).toBe('REPLAY_BLOCKED');
    await clock.advance(AHEAD_MS);
    expect(outcomes([await one.ask(request), await one.ask(fresh())])).toEqual(['200', 'REPLAY_BLOCKED']);
  });

  it('dated ahead of our clock, after a restart without Redis, is refused, before its time comes and after', async () => {
    const DATA_DIR = makeDataDir({});
    const request = fresh({ timestamp: clock.now() + AHEAD_MS });
    {
      await using first = await instance({ DATA_DIR });
      expect((await first.ask(request)).status).toBe(200);
    }
    {
      await using second = await instance({ DATA_DIR });
      expect((await second.ask(request)).code).toBe('REPLAY_BLOCKED');
      await clock.leap(AHEAD_MS);
      expect(outcomes([await second.ask(request), await second.ask(fresh())])).toEqual(['200', 'REPLAY_BLOCKED']);
    }
    rmSync(DATA_DIR, { recursive: true });
  });

  it('after Redis was restored from a backup is refused, on every instance', async () => {
    expect((await one.ask(fresh())).status).toBe(200);
    await redis.command('save');
    const request = fresh();
    expect((await one.ask(request)).status).toBe(200);
    await redis.restart();
    await recovered(one);
    await recovered(other);
    expect(outcomes([await one.ask(request), await other.ask(request)])).toEqual(['SIGNATURE_SKEW', 'SIGNATURE_SKEW']);
    await clock.advance(1);
    expect(outcomes([await one.ask(fresh()), await other.ask(fresh())])).toEqual(['200', '200']);
  });
});

describe.each([
  ['alone', (): Readonly<Record<string, string>> => ({})],
  ['with Redis', () => ({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT: '1000', REDIS_NAMESPACE: 'limited' })],
])('the limit of who signs, in an instance %s,', (_title, env) => {
  it('is not spent by who only repeats what was signed, and a request over it is used up', async () => {
    await using limited = await instance({ ...env(), RATE_LIMIT_RPM: '1', RATE_LIMIT_BURST: '2' });
    const left = ({ headers }: Answer) => headers['x-ratelimit-remaining-requests'];
    const first = fresh();
    expect(left(await limited.ask(first))).toBe('1');
    const repeats = await Promise.all(Array.from({ length: 5 }, () => limited.ask(first)));
    expect(outcomes(repeats)).toEqual(Array.from({ length: 5 }, () => 'REPLAY_BLOCKED'));
    expect(left(await limited.ask(fresh()))).toBe('0');
    const over = fresh();
    expect(outcomes([await limited.ask(over), await limited.ask(over)])).toEqual(['RATE_LIMITED', 'REPLAY_BLOCKED']);
    expect((await limited.ask({ ...over, body: 'changed' })).code).toBe('INVALID_SIGNATURE');
  });
});

describe('while Redis is away', () => {
  it('no signed request passes, and other credentials do', async () => {
    await redis.kill();
    const answer = await one.ask(fresh());
    expect([answer.status, answer.code]).toEqual([503, 'DEPENDENCY_UNAVAILABLE']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await one.ask({ ...fresh(), body: 'changed' })).code).not.toBe('DEPENDENCY_UNAVAILABLE');
    await redis.restart();
    await recovered(one);
    await clock.advance(1);
    expect((await one.ask(fresh())).status).toBe(200);
  });

  it('each process remembers for itself where that is allowed, and still knows when Redis is back', async () => {
    await using one = await instance({ REDIS_URL: redis.url, HMAC_NONCE_FAIL_MODE: 'local' });
    const before = fresh();
    expect((await one.ask(before)).status).toBe(200);
    await redis.kill();
    await clock.advance(1);
    const during = fresh();
    expect((await one.ask(during)).status).toBe(200);
    expect(outcomes([await one.ask(during), await one.ask(before)])).toEqual(['REPLAY_BLOCKED', 'REPLAY_BLOCKED']);
    await redis.restart();
    await clock.advance(3_000);
    expect(outcomes([await one.ask(during), await one.ask(before)])).toEqual(['REPLAY_BLOCKED', 'REPLAY_BLOCKED']);
  });
});

describe('a Redis that makes room by forgetting', () => {
  const settings = ['--maxmemory', '6mb', '--maxmemory-policy', 'volatile-lru'];
  const keep = (server: RedisServer, policy: string) => server.command('config', 'set', 'maxmemory-policy', policy);
  /** More than it has room for. */
  const fill = (server: RedisServer) =>
    server.command('eval', "for i = 1, 6000 do redis.call('SET', 'f' .. i, ('x'):rep(1000), 'PX', 60000) end", '0');
  /** Until this service has looked at its Redis again. */
  const looked = async ({ port }: Instance, evicts: boolean): Promise<void> => {
    for (let round = 0; round < 100; round += 1) {
      await clock.advance(1_000);
      const response = await fetch(`http://127.0.0.1:${port}/v1/status`, { headers: bearer(keys.admin) });
      const { redis: seen } = (await response.json()) as { readonly redis: { readonly evicts: boolean } };
      if (seen.evicts === evicts) return;
    }
    throw new Error('The service did not notice');
  };

  it('vouches for no signed request, says so once, and is trusted from the moment it keeps everything', async () => {
    await using server = await startRedis({ settings });
    await using shared = await instance({ REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT: '1000' });
    const request = fresh();
    expect((await shared.ask(request)).status).toBe(503);
    await fill(server);
    expect((await shared.ask(request)).status).toBe(503);
    await looked(shared, true);
    await clock.advance(60_000);
    expect(shared.logged().filter(({ event }) => event === 'redis.evicts')).toHaveLength(1);
    await keep(server, 'noeviction');
    await server.command('flushall');
    expect((await shared.ask(fresh())).code).toBe('SIGNATURE_SKEW');
    await clock.advance(1);
    expect(outcomes([await shared.ask(request), await shared.ask(fresh())])).toEqual(['200', 'SIGNATURE_SKEW']);
    await looked(shared, false);
  });

  it('is found out while it runs, on every instance', async () => {
    await using server = await startRedis({ settings: ['--maxmemory', '6mb'] });
    const env = { REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT: '1000' };
    await using one = await instance(env);
    await using other = await instance(env);
    expect(outcomes([await one.ask(fresh()), await other.ask(fresh())])).toEqual(['200', '200']);
    await keep(server, 'allkeys-lru');
    await looked(one, true);
    expect([(await one.ask(fresh())).status, (await other.ask(fresh())).status]).toEqual([503, 503]);
  });

  it('and did so between two looks has forgotten what was used before', async () => {
    await using server = await startRedis({ settings: ['--maxmemory', '6mb'] });
    await using shared = await instance({ REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT: '1000' });
    const request = fresh();
    expect((await shared.ask(request)).status).toBe(200);
    await keep(server, 'volatile-lru');
    await fill(server);
    await keep(server, 'noeviction');
    await server.command('eval', "for i = 1, 6000 do redis.call('DEL', 'f' .. i) end", '0');
    await using restarted = await instance({ REDIS_URL: server.url, REDIS_COMMAND_TIMEOUT: '1000' });
    const answers = [await restarted.ask(request), await shared.ask(request)];
    expect(outcomes(answers)).toEqual(['SIGNATURE_SKEW', 'SIGNATURE_SKEW']);
  });

  it('does not stand for the memory of the process, where that is allowed to vouch', async () => {
    await using server = await startRedis({ settings });
    await using local = await instance({ REDIS_URL: server.url, HMAC_NONCE_FAIL_MODE: 'local' });
    const request = fresh();
    expect(outcomes([await local.ask(request), await local.ask(request)])).toEqual(['200', 'REPLAY_BLOCKED']);
  });
});

describe('the time in a signed request', () => {
  it.each([
    ['as old as it may be', SKEW_MS, undefined],
    ['1 ms too old', SKEW_MS + 1, 'SIGNATURE_SKEW'],
  ])('is judged to the millisecond: %s', async (_title, age, code) => {
    const request = fresh();
    await clock.leap(age);
    expect((await lone.ask(request)).code).toBe(code);
  });

  it.each([
    ['as new as it may be', SKEW_MS, undefined],
    ['1 ms too new', SKEW_MS + 1, 'SIGNATURE_SKEW'],
    ['of 1970', -clock.now(), 'SIGNATURE_SKEW'],
    ['of the year 33658', 999_999_999_000_000 - clock.now(), 'SIGNATURE_SKEW'],
  ])('is judged to the millisecond: %s', async (_title, ahead, code) => {
    expect((await lone.ask(fresh({ timestamp: Math.max(0, clock.now() + ahead) }))).code).toBe(code);
  });

  it('is judged by the window that is configured', async () => {
    await using one = await instance({ HMAC_MAX_SKEW_MS: '1000' });
    const [inside, outside] = [fresh({ timestamp: clock.now() + 1_000 }), fresh({ timestamp: clock.now() + 1_001 })];
    expect([(await one.ask(inside)).status, (await one.ask(outside)).code]).toEqual([200, 'SIGNATURE_SKEW']);
  });

  it('from the future does not outlive the memory of its nonce', async () => {
    const request = fresh({ timestamp: clock.now() + SKEW_MS });
    expect((await lone.ask(request)).status).toBe(200);
    await clock.leap(2 * SKEW_MS);
    expect((await lone.ask(request)).code).toBe('REPLAY_BLOCKED');
    await clock.advance(1);
    expect((await lone.ask(request)).code).toBe('SIGNATURE_SKEW');
  });

  it('before the process began is too early, however close', async () => {
    const timestamp = clock.now() - 2;
    await using one = await instance({});
    expect((await one.ask(fresh({ timestamp }))).code).toBe('SIGNATURE_SKEW');
  });
});
