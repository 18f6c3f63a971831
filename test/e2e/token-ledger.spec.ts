import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { type KeySet, verifyStream } from '#libs/sse/index.js';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { draftRequest, eventsOf, streamRequest } from '../support/drafts.ts';
import { expectProblem } from '../support/edge-headers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, failing, resetting, sampleDraft, stalling, standard } from '../support/scripted-upstream-scripts.ts';
import { quotaOf, settled } from '../support/token-quota.ts';
import { until } from '../support/until.ts';

const LIMIT = 20_000;
/** More tokens than the service reads of the scripted model at once: some of its writes, of four tokens each. */
const CHUNK = 64;

const remainingIn = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): number =>
  Number(headers['x-ratelimit-remaining-tokens']);

const usageRows = (server: TestApp) =>
  server.app.get(Sql).system(async (tx) => {
    const columns = { model: sql<string>`model`, calls: sql<number>`calls::int`, day: sql<string>`day::text` };
    const total = sql<number>`(input_tokens + output_tokens)::int`;
    return tx.select({ ...columns, total }).from(sql`token_usage ORDER BY model`);
  });

describe('model tokens', () => {
  const clock = new FakeClock();
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({ env: { TOKEN_LIMIT_PER_DAY: String(LIMIT) }, clock });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('are charged as they are used, and every answer tells how many are left', async () => {
    let left = LIMIT;
    for (let turn = 0; turn < 3; turn++) {
      const answer = await server.inject(draftRequest());
      const { total_tokens: total } = answer.json<{ usage: { total_tokens: number } }>().usage;
      left -= total;
      expect(answer.headers).toMatchObject({
        'x-ratelimit-limit-tokens': String(LIMIT),
        'x-ratelimit-remaining-tokens': String(left),
        'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+\.\d{3}$/),
      });
    }
    expect(await quotaOf(server)).toEqual({
      limit: LIMIT,
      remaining: left,
      reserved: 0,
      resets_at: '2026-01-03T00:00:00.000Z',
    });
  });

  it('are told in refusals too', async () => {
    const { remaining } = await quotaOf(server);
    const invalid = await server.inject({ ...draftRequest(), payload: {} });
    expect([invalid.statusCode, remainingIn(invalid)]).toEqual([400, remaining]);
  });

  it('are written down by model and day', async () => {
    const spent = await settled(server);
    expect(await usageRows(server)).toEqual([
      { model: 'countersign-embedded-1', calls: 3, day: '2026-01-02', total: spent },
    ]);
  });

  it('of another tenant are its own, and those of a tenant are shared by its principals', async () => {
    expect((await quotaOf(server, keys.foreign)).remaining).toBe(LIMIT);
    expect((await quotaOf(server, keys.user2)).remaining).toBe(LIMIT);
  });

  it('never run out unnoticed: whoever has none left is told exactly when to come back', async () => {
    const refused = await useUp(server);
    expectProblem(refused, 429, 'QUOTA_EXHAUSTED');
    const waitMs = Number(refused.headers['retry-after-ms']);
    expect(clock.now() + waitMs).toBe(Date.parse('2026-01-03T00:00:00.000Z'));
    expect(refused.headers['retry-after']).toBe(String(Math.ceil(waitMs / 1_000)));
    expect(refused.json()).toMatchObject({
      retry_after_seconds: Math.ceil(waitMs / 1_000),
      details: { limit_of: 'principal', limit: LIMIT },
    });
    const brief = 'Should the harbour buy a second crane? '.repeat(100);
    const stream = await server.inject({ ...streamRequest(), payload: { brief } });
    expect([stream.statusCode, stream.json<{ code: string }>().code]).toEqual([429, 'QUOTA_EXHAUSTED']);
    expect((await server.inject(draftRequest(keys.user2))).statusCode).toBe(200);
    expect(await settled(server)).toBeLessThanOrEqual(LIMIT);

    await clock.leap(waitMs - 1);
    expect((await server.inject(draftRequest())).statusCode).toBe(429);
    await clock.advance(1);
    expect((await server.inject(draftRequest())).statusCode).toBe(200);
    expect((await quotaOf(server)).resets_at).toBe('2026-01-04T00:00:00.000Z');
  });

  it('refused to a request with a key are not remembered under it', async () => {
    await useUp(server);
    const keyed = { ...draftRequest(), headers: { ...bearer(keys.user), 'idempotency-key': 'tomorrow' } };
    expect((await server.inject(keyed)).statusCode).toBe(429);
    await clock.leap(86_400_000);
    const again = await server.inject(keyed);
    expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([200, undefined]);
  });

  it('are not overspent by fifty drafts at once', async () => {
    await clock.leap(86_400_000);
    const one = (await server.inject(draftRequest(keys.foreign))).json<{ usage: { total_tokens: number } }>();
    const rush = await Promise.all(Array.from({ length: 50 }, () => server.inject(draftRequest(keys.foreign))));
    const passed = rush.filter(({ statusCode }) => statusCode === 200).length;
    expect(rush.filter(({ statusCode }) => statusCode === 429)).toHaveLength(50 - passed);
    const spent = await settled(server, keys.foreign);
    expect(spent).toBeLessThanOrEqual(LIMIT);
    expect(spent).toBeGreaterThanOrEqual((passed + 1) * one.usage.total_tokens);
    expect(passed).toBeGreaterThan(0);
  });
});

/** Drafts until somebody is refused. */
async function useUp(server: TestApp, key?: string) {
  for (let turn = 0; turn < 500; turn++) {
    const answer = await server.inject(draftRequest(key));
    if (answer.statusCode === 429) return answer;
  }
  throw new Error('Nobody is refused');
}

describe('the tokens of a tenant', () => {
  it('run out for all of its principals together', async () => {
    await using server = await startApp({ env: { TOKEN_LIMIT_PER_DAY: '1000' } });
    const made: string[] = [keys.foreign];
    for (let key = 0; key < 20; key++) {
      const payload = { name: `key ${key}`, kind: 'api', roles: ['user'] };
      const answer = await server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(keys.foreign), payload });
      made.push(answer.json<{ secret: string }>().secret);
    }
    const owners: unknown[] = [];
    for (const key of made) {
      const refused = await useUp(server, key);
      owners.push(refused.json<{ details: { limit_of: string } }>().details.limit_of);
    }
    expect(new Set(owners)).toEqual(new Set(['principal', 'tenant']));
    expect(owners.at(-1)).toBe('tenant');
  });
});

describe('JSON answers near the limit', () => {
  let cost: number;
  beforeAll(async () => {
    await using server = await startApp();
    cost = (await server.inject(draftRequest())).json<{ usage: { total_tokens: number } }>().usage.total_tokens;
  });
  const codes = (answers: readonly { readonly statusCode: number }[]) => answers.map(({ statusCode }) => statusCode);

  it('do not starve each other: some are given, and the others refused before they cost anything', async () => {
    const limit = Math.floor(2.3 * cost);
    await using server = await startApp({ env: { TOKEN_LIMIT_PER_DAY: String(limit) } });
    const three = await Promise.all([1, 2, 3].map(() => server.inject(draftRequest())));
    expect(codes(three).toSorted()).toEqual([200, 429, 429]);
    for (const { statusCode, headers } of three)
      if (statusCode === 429) expect(Number(headers['retry-after-ms'])).toBeLessThanOrEqual(5_000);
    expect(await quotaOf(server)).toMatchObject({ remaining: limit - cost, reserved: 0 });

    expect((await server.inject(draftRequest())).statusCode).toBe(200);
    const last = await server.inject(draftRequest());
    expect([last.statusCode, Number(last.headers['retry-after-ms']) > 5_000]).toEqual([429, true]);
    expect(await quotaOf(server)).toMatchObject({ remaining: limit - 2 * cost, reserved: 0 });
  });

  it('that nobody bills are given back when they do not fit', async () => {
    const limit = cost - 20;
    await using server = await startApp({ env: { TOKEN_LIMIT_PER_DAY: String(limit) } });
    const { statusCode, body } = await server.inject(draftRequest());
    expect([statusCode, JSON.parse(body).details.charged_tokens]).toEqual([429, undefined]);
    expect(await quotaOf(server)).toMatchObject({ limit, remaining: limit, reserved: 0 });
    expect(await usageRows(server)).toEqual([]);
  });
});

describe('in shadow mode', () => {
  it('tokens are counted and reported, and refused to nobody', async () => {
    await using server = await startApp({ env: { TOKEN_LIMIT_PER_DAY: '1', QUOTA_MODE: 'shadow' } });
    const answers = [await server.inject(draftRequest()), await server.inject(draftRequest())];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(remainingIn(answers[1] ?? { headers: {} })).toBe(0);
    const { body } = await server.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(body).toContain('countersign_model_calls_total{outcome="shadowed"} 2');
    expect(body).toContain('countersign_model_calls_total{outcome="settled"} 2');
    const requests = server
      .logged()
      .filter(({ event, tokens }) => event === 'request.completed' && tokens !== undefined);
    expect(requests[0]?.['tokens']).toEqual({ input: expect.any(Number), output: expect.any(Number) });
  });
});

describe('what a model costs', () => {
  let upstream: ScriptedUpstream;
  let server: TestApp;
  const begin = async (structured: Script, env: Readonly<Record<string, string>> = {}) => {
    upstream = await ScriptedUpstream.start([standard({ structured })], 0);
    server = await startApp({
      env: {
        ...{ MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'upstream-key' },
        ...env,
      },
    });
  };
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await upstream.close();
  });

  it('is what its provider counted, whatever was estimated', async () => {
    const usage = { prompt_tokens: 123, completion_tokens: 45 };
    await begin(drafting(sampleDraft(40), { usage }));
    await server.inject(draftRequest());
    expect(await settled(server)).toBe(168);
    expect(await usageRows(server)).toMatchObject([{ model: 'scripted-1', calls: 1, total: 168 }]);
  });

  it('ends a stream where no more is left: upstream closed, what was used settled, the receipt true', async () => {
    // About 1,900 tokens of question and answer.
    await begin(drafting(sampleDraft(24), { paceMs: 1, charactersPerChunk: 16, usage: null }), {
      TOKEN_LIMIT_PER_DAY: '1200',
    });
    const answer = await server.inject(streamRequest());
    expect([answer.statusCode, remainingIn(answer)]).toEqual([200, 1_200]);
    const events = eventsOf(answer.body);
    const last = JSON.parse(events.at(-1)?.data ?? '{}') as Record<string, unknown>;
    expect(events.at(-1)?.event).toBe('error');
    expect(last).toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      status: 429,
      details: { limit_of: 'principal', limit: 1200 },
    });
    expect(last['retry_after_seconds']).toBeGreaterThan(0);
    expect(events.filter(({ event }) => event === 'stage').length).toBeGreaterThan(2);
    const jwks = (await server.inject({ url: '/.well-known/countersign-keys.json' })).json<KeySet>();
    const streamId = String(answer.headers['x-stream-id']);
    expect(await verifyStream(streamId, events, jwks)).toMatchObject({ valid: true });

    const call = await upstream.received(1);
    await call.over;
    expect(call.closedByClientAt).toBeDefined();
    await until('nothing is reserved', async () => (await quotaOf(server)).reserved === 0);
    const rows = await usageRows(server);
    expect(rows).toMatchObject([{ model: '', calls: 1 }]);
    expect(rows[0]?.total).toBeGreaterThan(1_200 - CHUNK);
    expect(rows[0]?.total).toBeLessThanOrEqual(1_200);
    expect((await server.inject(streamRequest())).statusCode).toBe(429);
  });

  it('is told to a caller who gets nothing for it, as its provider was paid', async () => {
    await begin(drafting(sampleDraft(24), { usage: null }), { TOKEN_LIMIT_PER_DAY: '1200' });
    const { statusCode, body } = await server.inject(draftRequest());
    const { charged_tokens: charged } = JSON.parse(body).details;
    expect([statusCode, charged]).toEqual([429, expect.any(Number)]);
    expect(await settled(server)).toBe(charged);
    expect(charged).toBeGreaterThan(0);
  });

  it('is what was said so far when it is cancelled', async () => {
    await begin(drafting(sampleDraft(24), { paceMs: 5, charactersPerChunk: 16, usage: null }));
    const base = await server.listen();
    const { url, payload, headers } = streamRequest();
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const response = await fetch(`${base}${url}`, { ...init, body: JSON.stringify(payload) });
    const reader = response.body?.getReader();
    await until('the model speaks', async () => (await reader?.read())?.value?.length !== undefined);
    await until('more than the first slice is held', async () => (await quotaOf(server)).reserved > 0);
    const id = response.headers.get('x-stream-id');
    await fetch(`${base}/v1/streams/${id}`, { method: 'DELETE', headers });
    await reader?.cancel();
    const spent = await settled(server);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThan(1_500);
    expect(await usageRows(server)).toMatchObject([{ model: '', calls: 1, total: spent }]);
  });

  it.each<[string, Script]>([
    ['fails', failing(400, {})],
    ['breaks before a word', resetting('')],
  ])('is nothing when its provider %s', async (_how, script) => {
    await begin(script);
    expect((await server.inject(draftRequest())).statusCode).toBe(502);
    expect(await settled(server)).toBe(0);
    expect(await usageRows(server)).toEqual([]);
  });

  it('is held while it is silent, and held by one who is cancelled no longer', async () => {
    await begin(stalling('{"nodes":['), { TOKEN_LIMIT_PER_DAY: '700' });
    const base = await server.listen();
    const leave = new AbortController();
    const { url, payload, headers } = draftRequest();
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, signal: leave.signal };
    const drafted = fetch(`${base}${url}`, { ...init, body: JSON.stringify(payload) }).catch(() => undefined);
    await upstream.received(1);
    await until('it holds', async () => (await quotaOf(server)).reserved > 256);
    const other = await server.inject(draftRequest());
    expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([429, 'QUOTA_EXHAUSTED']);
    expect(Number(other.headers['retry-after-ms'])).toBeLessThanOrEqual(5_000);
    leave.abort();
    await drafted;
    expect(await settled(server)).toBeGreaterThan(0);
  });
});
