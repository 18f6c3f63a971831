import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDataDir } from '../support/data-dir.ts';
import { HeldModel } from '../support/held-model.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { briefOf, codeOf, type Received, replayed, send } from '../support/repeats.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { isFinished, readStream } from '../support/stream-client.ts';
import { until } from '../support/until.ts';

const KEY = 'idempotency-key-of-user-0123456789abcdef';
const DRAFT = '/assist/draft-graph';
const STREAM = `${DRAFT}/stream`;
const user = { authorization: `Bearer ${KEY}` };
const withKey = () => ({ ...user, 'idempotency-key': randomUUID() });

const secrets = {
  ASSIST_API_KEYS: `${KEY}@acme:user`,
  SSE_RESUME_SECRET: 'resume-secret-of-idempotency-0123456789a',
  SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  RATE_LIMIT_RPM: '100000',
  SSE_RATE_LIMIT_RPM: '100000',
};

const model = new HeldModel();
let redis: RedisServer;
let postgres: PostgresServer;
let upstream: ScriptedUpstream;
let environment: Record<string, string>;
let a: ServiceProcess;
let b: ServiceProcess;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  upstream = await ScriptedUpstream.start([model.script], 0);
  environment = {
    ...secrets,
    REDIS_URL: redis.url,
    DATABASE_URL: await postgres.database(),
    MODEL_PROVIDERS: 'openai',
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'upstream-key',
  };
  [a, b] = await Promise.all([startService({ env: environment }), startService({ env: environment })]);
});

afterAll(async () => {
  model.letGo();
  await Promise.all([a?.[Symbol.asyncDispose](), b?.[Symbol.asyncDispose]()]);
  await upstream?.close();
  await Promise.all([redis?.[Symbol.asyncDispose](), postgres?.[Symbol.asyncDispose]()]);
});

const draft = (server: ServiceProcess, body: string, headers: Record<string, string>): Promise<Received> =>
  send(server.url + DRAFT, body, headers);

/** Begins a draft and resolves once the model was asked for it, and holds the answer back. */
async function begin(server: ServiceProcess, body: string, headers: Record<string, string>) {
  model.hold();
  const asked = upstream.requests.length;
  const caller = new AbortController();
  const answer = send(server.url + DRAFT, body, headers, caller.signal);
  answer.catch(() => undefined);
  await upstream.received(asked + 1);
  return { answer, hangUp: () => caller.abort() };
}

/** What Redis has of requests without a key. */
const retryRecords = (): Promise<string> => redis.command('keys', '*:idempotency:*');

describe('two instances and one key', () => {
  it('a request that runs on one is not run on the other: it says when to come back, then replays', async () => {
    const [key, body, calls] = [withKey(), briefOf('Two'), upstream.requests.length];
    const { answer } = await begin(a, body, key);
    const early = await draft(b, body, key);
    expect([early.status, codeOf(early)]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS']);
    expect(['retry-after', 'x-should-retry'].map((name) => early.headers.get(name))).toEqual(['1', 'true']);
    expect((await draft(b, briefOf('Other'), key)).status).toBe(422);
    model.letGo();
    const [first, again] = [await answer, await draft(b, body, key)];
    expect([first.status, again.text, replayed(again)]).toEqual([200, first.text, true]);
    expect(upstream.requests.length - calls).toBe(1);
  });

  it('fifty requests at once, half of them on each, are one model call', async () => {
    const [key, body, calls] = [withKey(), briefOf('Fifty'), upstream.requests.length];
    const all = await Promise.all(Array.from({ length: 50 }, (_, at) => draft(at % 2 === 0 ? a : b, body, key)));
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([all[0]?.status, all.filter(replayed).length, upstream.requests.length - calls]).toEqual([200, 49, 1]);
  });

  it('a retry of a client library finds its first attempt on the other instance', async () => {
    const [body, calls] = [briefOf('Elsewhere'), upstream.requests.length];
    const first = await begin(a, body, { ...user, 'x-stainless-retry-count': '0' });
    const before = await retryRecords();
    first.hangUp();
    await until('the first attempt can be found', async () => (await retryRecords()) !== before);
    const retry = draft(b, body, { ...user, 'x-stainless-retry-count': '1' });
    await until('the retry waits for it', async () => (await retryRecords()).includes('/awaited'));
    model.letGo();
    const answer = await retry;
    expect([answer.status, replayed(answer), upstream.requests.length - calls]).toEqual([200, true, 1]);
  });

  it('while Redis does not answer, keys still count', async () => {
    const [key, body, calls] = [withKey(), briefOf('Frozen'), upstream.requests.length];
    redis.freeze();
    try {
      const [first, again] = [await draft(a, body, key), await draft(b, body, key)];
      expect([first.status, again.text, replayed(again)]).toEqual([200, first.text, true]);
      expect(upstream.requests.length - calls).toBe(1);
      expect((await draft(a, briefOf('Bare'), { ...user, 'x-stainless-retry-count': '1' })).status).toBe(200);
    } finally {
      redis.thaw();
    }
  });
});

describe('kill -9 of the instance that runs a request with a key', () => {
  it('the key is held while it could still run, then the repeat runs it: never at the same time, never 409 for ever', async () => {
    const doomed = await startService({ env: environment });
    const [key, body, calls] = [withKey(), briefOf('Killed'), upstream.requests.length];
    await begin(doomed, body, key);
    await doomed.stop('SIGKILL');
    model.letGo();
    const killed = performance.now();
    const statuses: number[] = [];
    let answer = await draft(b, body, key);
    while (answer.status === 409 && performance.now() - killed < 30_000) {
      statuses.push(answer.status);
      await delay(500);
      answer = await draft(b, body, key);
    }
    expect([statuses[0], answer.status, replayed(answer)]).toEqual([409, 200, false]);
    expect(performance.now() - killed).toBeLessThan(20_000);
    expect(upstream.requests.length - calls).toBe(2);
    expect(replayed(await draft(a, body, key))).toBe(true);
    await doomed[Symbol.asyncDispose]();
  });

  it('a stream is reported, not run again: the repeat reads what was stored and the error at its end', async () => {
    const doomed = await startService({ env: environment });
    const [key, body, calls] = [withKey(), briefOf('Cut'), upstream.requests.length];
    const init = { method: 'POST', headers: { ...key, 'content-type': 'application/json' }, body };
    model.hold();
    const cut = await readStream(doomed.url + STREAM, init, { cutAfterBytes: 100 });
    await upstream.received(calls + 1);
    await doomed.stop('SIGKILL');
    model.letGo();
    const again = await readStream(b.url + STREAM, init);
    expect([again.streamId, again.events.at(-1)?.event, isFinished(again.events)]).toEqual([
      cut.streamId,
      'error',
      true,
    ]);
    expect(upstream.requests.length - calls).toBe(1);
    await doomed[Symbol.asyncDispose]();
  });
});

describe('PostgreSQL gone', () => {
  it('a request with a key is refused and nothing begins; one without works; the key works once it is back', async () => {
    const [key, body, calls] = [withKey(), briefOf('Gone'), upstream.requests.length];
    const init = { method: 'POST', headers: { ...user, 'content-type': 'application/json' }, body };
    await postgres.stop();
    try {
      const began = performance.now();
      for (const path of [DRAFT, STREAM]) {
        const refused = await send(a.url + path, body, key);
        expect([path, refused.status, codeOf(refused)]).toEqual([path, 503, 'DEPENDENCY_UNAVAILABLE']);
        expect(refused.headers.get('retry-after')).not.toBeNull();
      }
      expect(performance.now() - began).toBeLessThan(6_000);
      expect(upstream.requests.length - calls).toBe(0);
      expect((await readStream(a.url + STREAM, init)).events.at(-1)?.event).toBe('complete');
    } finally {
      await postgres.restart();
    }
    const deadline = performance.now() + 15_000;
    let answer = await draft(a, body, key);
    while (answer.status === 503 && performance.now() < deadline) answer = await draft(a, body, key);
    expect([answer.status, replayed(answer), replayed(await draft(b, body, key))]).toEqual([200, false, true]);
  });

  it('in the middle of a request: its caller hears so, and the key is free soon after the store is back', async () => {
    const [key, body] = [withKey(), briefOf('Meanwhile')];
    const { answer } = await begin(a, body, key);
    await postgres.stop();
    model.letGo();
    expect((await answer).status).toBe(503);
    await postgres.restart();
    const deadline = performance.now() + 10_000;
    let again = await draft(b, body, key);
    while (again.status !== 200 && performance.now() < deadline) again = await draft(b, body, key);
    expect([again.status, replayed(again), replayed(await draft(a, body, key))]).toEqual([200, false, true]);
  });

  it('and back between a stream and its repeat: the log is read again', async () => {
    const [key, body, calls] = [withKey(), briefOf('Between'), upstream.requests.length];
    const init = { method: 'POST', headers: { ...key, 'content-type': 'application/json' }, body };
    const whole = await readStream(a.url + STREAM, init);
    await postgres.restart();
    const again = await readStream(b.url + STREAM, init);
    expect([again.events, upstream.requests.length - calls]).toEqual([whole.events, 1]);
  });
});

describe('on the embedded database', () => {
  it('an answer survives kill -9', async () => {
    const dataDir = makeDataDir({});
    const env = { ...secrets };
    const [key, body] = [withKey(), briefOf('Embedded')];
    const before = await startService({ env, dataDir });
    const first = await draft(before, body, key);
    await before.stop('SIGKILL');
    const after = await startService({ env, dataDir });
    const again = await draft(after, body, key);
    await after.stop('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
    expect([first.status, again.text, replayed(again)]).toEqual([200, first.text, true]);
  });
});
