import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Instances } from '../../src/quota/instances.service.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { makeDataDir } from '../support/data-dir.ts';
import { draftRequest } from '../support/drafts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { HeldModel } from '../support/held-model.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

interface TokenQuota {
  readonly remaining: number;
  readonly reserved: number;
}

const limitsOf = (server: TestApp, key: string = keys.user) =>
  server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) });
const quotaOf = async (server: TestApp, key?: string): Promise<TokenQuota> =>
  (await limitsOf(server, key)).json<{ token_quota: TokenQuota }>().token_quota;

describe('the store of this process', () => {
  it('is told what was spent when it starts anew, so that a restart gives nobody another day', async () => {
    const folder = makeDataDir({});
    const env = { DATA_DIR: folder };
    const spend = async (clock: FakeClock) => {
      await using server = await startApp({ env, clock });
      const before = (await quotaOf(server)).remaining;
      const answer = await server.inject(draftRequest());
      return { before, after: Number(answer.headers['x-ratelimit-remaining-tokens']) };
    };
    try {
      const first = await spend(new FakeClock());
      const again = await spend(new FakeClock());
      expect([first.before, again.before]).toEqual([1_000_000, first.after]);
      const nextDay = await spend(new FakeClock(new FakeClock().now() + 86_400_000));
      expect(nextDay.before).toBe(1_000_000);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('two instances with one Redis', () => {
  const LIMIT = 40_000;
  const model = new HeldModel();
  let redis: RedisServer;
  let postgres: PostgresServer;
  let upstream: ScriptedUpstream;
  let one: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    upstream = await ScriptedUpstream.start([model.script], 0);
    const env = {
      REDIS_URL: redis.url,
      DATABASE_URL: await postgres.database(),
      REDIS_COMMAND_TIMEOUT: '200',
      TOKEN_LIMIT_PER_DAY: String(LIMIT),
      TOKEN_LEASE_MS: '2000',
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'upstream-key',
    };
    one = await startApp({ env });
    other = await startApp({ env });
    await until('each knows of the other', () => [one, other].every(({ app }) => app.get(Instances).count === 2));
  });
  afterAll(async () => {
    await Promise.all([one, other].map((server) => server[Symbol.asyncDispose]()));
    await upstream.close();
    await Promise.all([redis[Symbol.asyncDispose](), postgres[Symbol.asyncDispose]()]);
  });
  beforeEach(async () => {
    for (const server of [one, other]) {
      await until(
        'Redis is used',
        async () => (await limitsOf(server, keys.auditor)).headers['x-countersign-degraded'] === undefined,
      );
    }
  });

  it('show one balance', async () => {
    await one.inject(draftRequest());
    expect((await quotaOf(other)).remaining).toBe(LIMIT - 18);
  });

  it('are told what was spent by a Redis that lost everything, once', async () => {
    await one.inject(draftRequest(keys.user2));
    await redis.command('flushall');
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => quotaOf(turn % 2 === 0 ? one : other, keys.user2)),
    );
    expect(new Set(seen.map(({ remaining }) => remaining))).toEqual(new Set([LIMIT - 18]));
  });

  it('charge a call that ended while Redis was away once it is back, and reserve nothing for it', async () => {
    model.hold();
    const before = upstream.requests.length;
    const answering = one.inject(draftRequest(keys.foreign)).then();
    await upstream.received(before + 1);
    await until('it holds', async () => (await quotaOf(other, keys.foreign)).reserved > 0);
    redis.freeze();
    await until('Redis is missed', async () => {
      const { headers } = await limitsOf(one, keys.auditor);
      return headers['x-countersign-degraded'] === 'redis';
    });
    model.letGo();
    expect((await answering).statusCode).toBe(200);
    redis.thaw();
    await until('it is charged, and nothing is reserved', async () => {
      const { remaining, reserved } = await quotaOf(other, keys.foreign);
      return remaining === LIMIT - 18 && reserved === 0;
    });
  });

  it('allow half of the limit each while Redis is gone', async () => {
    await redis.kill();
    await until('Redis is missed', async () => {
      const { headers } = await limitsOf(one, keys.admin);
      return headers['x-countersign-degraded'] === 'redis';
    });
    const answer = await limitsOf(one, keys.admin);
    expect(answer.headers['x-ratelimit-limit-tokens']).toBe(String(LIMIT / 2));
    const drafted = await one.inject(draftRequest(keys.admin));
    expect([drafted.statusCode, drafted.headers['x-ratelimit-remaining-tokens']]).toEqual([
      200,
      String(LIMIT / 2 - 18),
    ]);
    await redis.restart();
    await until('Redis, which came back empty, knows of it', async () => {
      const { remaining } = await quotaOf(other, keys.admin);
      return remaining === LIMIT - 18;
    });
  });
});
