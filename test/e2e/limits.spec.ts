import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { publishedOperations } from '../support/operations.ts';
import { until } from '../support/until.ts';

const BRIEF = { brief: 'Should the library open on Sundays, or lend books from machines in the stations?' };

const limits = (server: TestApp, key: string = keys.user) =>
  server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) });
/** A stream that is not there: whoever asks has spent one all the same. */
const stream = (server: TestApp, key: string = keys.user) =>
  server.inject({ method: 'GET', url: '/v1/streams/strm_none/events', headers: bearer(key) });

type Answer = Awaited<ReturnType<typeof limits>>;
const remaining = ({ headers }: Answer): number => Number(headers['x-ratelimit-remaining-requests']);

function expectLimitHeaders({ headers }: Answer, limit: number): void {
  const left = headers['x-ratelimit-remaining-requests'];
  expect(headers).toMatchObject({
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': expect.stringMatching(/^\d+$/),
    'x-ratelimit-reset-requests': expect.stringMatching(/^\d+\.\d{3}$/),
    'ratelimit-policy': expect.stringMatching(new RegExp(`^"(requests|streams)";q=${limit};w=60$`)),
    ratelimit: expect.stringMatching(new RegExp(`^"(requests|streams)";r=${left};t=\\d+$`)),
    'x-ratelimit-limit-tokens': '1000000',
    'x-ratelimit-remaining-tokens': expect.stringMatching(/^\d+$/),
    'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+\.\d{3}$/),
  });
}

function expectRefused(answer: Answer): number {
  expectProblem(answer, 429, 'RATE_LIMITED');
  const waitMs = Number(answer.headers['retry-after-ms']);
  expect(waitMs).toBeGreaterThan(0);
  expect(answer.headers['retry-after']).toBe(String(Math.ceil(waitMs / 1_000)));
  expect(answer.json()).toMatchObject({ retry_after_seconds: Math.ceil(waitMs / 1_000) });
  return waitMs;
}

/** Until somebody is refused; how many were not. */
async function useUp(ask: () => Promise<Answer>): Promise<{ readonly passed: number; readonly refused: Answer }> {
  for (let passed = 0; passed < 1_000; passed++) {
    const answer = await ask();
    if (answer.statusCode === 429) return { passed, refused: answer };
  }
  throw new Error('Nobody is refused');
}

const start = (env: Readonly<Record<string, string>>, clock = new FakeClock()) => startApp({ env, clock });

describe('the limits of a principal', () => {
  const clock = new FakeClock();
  let server: TestApp;
  beforeAll(async () => {
    server = await start({ RATE_LIMIT_RPM: '120', SSE_RATE_LIMIT_RPM: '20' }, clock);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('are told in every answer, and count down', async () => {
    const seen: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const answer = await limits(server);
      expectLimitHeaders(answer, 120);
      seen.push(remaining(answer));
    }
    expect(seen).toEqual([119, 118, 117, 116, 115]);
  });

  it('let nobody past them, and say exactly when to come back', async () => {
    await clock.advance(60_000);
    const { passed, refused } = await useUp(() => limits(server));
    expect(passed).toBe(120);
    expect(remaining(refused)).toBe(0);
    const waitMs = expectRefused(refused);
    expect(waitMs).toBe(500);
    await clock.advance(waitMs - 1);
    expect((await limits(server)).statusCode).toBe(429);
    await clock.advance(1);
    expect((await limits(server)).statusCode).toBe(200);
    await clock.advance(Number(refused.headers['x-ratelimit-reset-requests']) * 1_000);
    expect(remaining(await limits(server))).toBe(119);
  });

  it('are not those of another principal, nor of another tenant', async () => {
    await useUp(() => limits(server));
    for (const key of [keys.user2, keys.foreign]) {
      const answer = await limits(server, key);
      expect([answer.statusCode, remaining(answer)]).toEqual([200, 119]);
    }
  });

  it('count streams apart from requests', async () => {
    await clock.advance(60_000);
    const before = remaining(await limits(server));
    const { passed, refused } = await useUp(() => stream(server));
    expect(passed).toBe(20);
    expectRefused(refused);
    expectLimitHeaders(refused, 20);
    expect(remaining(await limits(server))).toBe(before - 1);
  });

  it('are spent by whoever may not call the route, and told in the refusal', async () => {
    await clock.advance(60_000);
    const ask = () => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(keys.auditor) });
    const answers = [await ask(), await ask()];
    expect(answers.map((answer) => [answer.statusCode, remaining(answer)])).toEqual([
      [403, 119],
      [403, 118],
    ]);
  });

  it('are told in errors too', async () => {
    const headers = bearer(keys.user);
    const invalid = await server.inject({ method: 'POST', url: '/assist/draft-graph', headers, payload: {} });
    expect(invalid.statusCode).toBe(400);
    expectLimitHeaders(invalid, 120);
  });

  it('are told and spent by no public route', async () => {
    const answer = await server.inject({ method: 'GET', url: '/healthz', headers: bearer(keys.user) });
    expect(Object.keys(answer.headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('are not spent by a request that was never authenticated', async () => {
    await clock.advance(60_000);
    for (let turn = 0; turn < 10; turn++) await limits(server, `${keys.user}x`);
    expect(remaining(await limits(server))).toBe(119);
  });

  it('are not escaped by a clock that steps back', async () => {
    await clock.advance(60_000);
    await useUp(() => limits(server));
    await clock.advance(-3_600_000);
    expectRefused(await limits(server));
    await clock.advance(500);
    expect((await limits(server)).statusCode).toBe(200);
    expect((await limits(server)).statusCode).toBe(429);
  });

  it('are shown whole by GET /v1/limits', async () => {
    await clock.advance(60_000);
    await stream(server);
    expect((await limits(server)).json()).toEqual({
      schema: 'limits.v1',
      key_id: expect.stringMatching(/^\S+$/),
      tenant_id: 'acme',
      rate_limit_rpm: 120,
      sse_rate_limit_rpm: 20,
      quota_backend: 'memory',
      standard_quota: { capacity: 120, remaining: 119, refill_per_second: 2, retry_after_seconds: 0 },
      sse_quota: { capacity: 20, remaining: 19, refill_per_second: 1 / 3, retry_after_seconds: 0 },
      token_quota: { limit: 1_000_000, remaining: 1_000_000, reserved: 0, resets_at: '2026-01-03T00:00:00.000Z' },
      graph_max_nodes: 50,
      graph_max_edges: 200,
    });
  });
});

describe('a stream', () => {
  it('tells the limits of streams before its first event', async () => {
    await using server = await startApp({ env: { SSE_RATE_LIMIT_RPM: '20' } });
    const url = '/assist/draft-graph/stream';
    const answer = await server.inject({ method: 'POST', url, headers: bearer(keys.user), payload: BRIEF });
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expectLimitHeaders(answer, 20);
    expect(remaining(answer)).toBe(19);
  });
});

describe('every authenticated operation', () => {
  it('tells what is left', async () => {
    await using server = await start({});
    const operations = publishedOperations().filter(({ open }) => !open);
    expect(operations.length).toBeGreaterThan(4);
    const silent: string[] = [];
    for (const { name, method, path } of operations) {
      const url = path.replaceAll(/\{[^}]+\}/g, 'none');
      const payload = method === 'POST' ? { payload: {} } : {};
      const answer = await server.inject({ method, url, headers: bearer(keys.foreign), ...payload });
      if (answer.headers['x-ratelimit-remaining-tokens'] === undefined) silent.push(`${name} ${answer.statusCode}`);
    }
    expect(silent).toEqual([]);
  });
});

describe('the limits of a tenant', () => {
  it('are ten times those of a principal, and hold for all of them together', async () => {
    await using server = await start({ RATE_LIMIT_RPM: '2' });
    const admin = bearer(keys.foreign);
    const passed: number[] = [];
    const made: string[] = [];
    for (let key = 0; key < 2; key++) {
      const payload = { name: `key ${key}`, kind: 'api', roles: ['admin'] };
      const answer = await server.inject({ method: 'POST', url: '/v1/keys', headers: admin, payload });
      made.push(answer.json<{ secret: string }>().secret);
    }
    // Each key makes two more, until the tenant has nothing left.
    for (const key of made) {
      for (let turn = 0; turn < 2; turn++) {
        const payload = { name: 'one more', kind: 'api', roles: ['admin'] };
        const answer = await server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(key), payload });
        if (answer.statusCode === 201) made.push(answer.json<{ secret: string }>().secret);
        passed.push(answer.statusCode);
      }
    }
    expect(passed.filter((status) => status === 201)).toHaveLength(18);
    const refused = await limits(server, made.at(-1));
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', details: { limit_of: 'tenant' } });
    expect((await limits(server, keys.user)).statusCode).toBe(200);
  });
});

describe('a burst', () => {
  it('is as large as configured, and fills at the same rate', async () => {
    const clock = new FakeClock();
    await using server = await start({ RATE_LIMIT_RPM: '60', RATE_LIMIT_BURST: '5' }, clock);
    const { passed, refused } = await useUp(() => limits(server));
    expect(passed).toBe(5);
    expect(refused.headers['ratelimit-policy']).toBe('"requests";q=5;w=5');
    await clock.advance(2_000);
    expect((await useUp(() => limits(server))).passed).toBe(2);
  });
});

describe('in shadow mode', () => {
  it('limits are counted and reported, and refuse nobody', async () => {
    await using server = await start({ RATE_LIMIT_RPM: '3', QUOTA_MODE: 'shadow' });
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await limits(server)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    await until('the requests are logged', () => reported(server).length === 2);
    expect(reported(server)[0]).toEqual({ class: 'standard', outcome: 'shadowed', owner: 'principal' });
    const { body } = await server.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(body).toContain('countersign_quota_decisions_total{class="standard",outcome="allowed"} 3');
    expect(body).toContain('countersign_quota_decisions_total{class="standard",outcome="shadowed"} 2');
    expect(body).toContain('countersign_quota_decisions_total{class="standard",outcome="refused"} 0');
  });
});

const reported = (server: TestApp): readonly unknown[] =>
  server.logged().flatMap(({ event, quota }) => (event === 'request.completed' && quota !== undefined ? [quota] : []));
