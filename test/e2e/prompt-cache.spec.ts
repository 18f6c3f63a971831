import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { DRAFT, eventsOf, streamRequest } from '../support/drafts.ts';
import { HeldModel } from '../support/held-model.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';

const model = new HeldModel();
let upstream: ScriptedUpstream;
let server: TestApp;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start([model.script], 0);
  server = await startApp({
    env: {
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      PROMPT_CACHE_CALLS: 'all',
      METRICS_TOKEN: 'metrics-token-0123456789',
    },
  });
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});

const draft = (key: string, headers: Readonly<Record<string, string>> = {}) =>
  server.inject({
    method: 'POST',
    url: '/assist/draft-graph',
    headers: { ...bearer(key), ...headers },
    payload: DRAFT,
  });

const spentBy = async (key: string): Promise<number> => {
  const answer = await server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) });
  const { limit, remaining } = answer.json().token_quota;
  return limit - remaining;
};

describe('the prompt cache', () => {
  it('asks a model once for a hundred equal drafts at the same time, and charges one of them', async () => {
    model.hold();
    const drafts = Promise.all(
      Array.from({ length: 100 }, (_, turn) => draft(turn % 2 === 0 ? keys.user : keys.user2)),
    );
    await upstream.received(1);
    model.letGo();
    const answers = await drafts;
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.json().graph))).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.json().run_id)).size).toBe(100);
    expect(upstream.requests).toHaveLength(1);
    expect((await spentBy(keys.user)) + (await spentBy(keys.user2))).toBe(answers[0]?.json().usage.total_tokens);
  });

  it('gives a stream the same answer, and another tenant none', async () => {
    const asked = upstream.requests.length;
    const known = (await draft(keys.user)).json();
    const streamed = eventsOf((await server.inject(streamRequest())).body).at(-1);
    expect(JSON.parse(streamed?.data ?? '').payload.graph).toEqual(known.graph);
    expect(upstream.requests).toHaveLength(asked);
    await draft(keys.foreign);
    expect(upstream.requests).toHaveLength(asked + 1);
  });

  it.each(['no-store', 'no-cache', 'max-age=0, No-Cache'])(
    'asks anew for a request with Cache-Control: %s',
    async (value) => {
      const asked = upstream.requests.length;
      expect((await draft(keys.user, { 'cache-control': value })).statusCode).toBe(200);
      expect(upstream.requests).toHaveLength(asked + 1);
    },
  );

  it('tells what it did in metrics and status', async () => {
    const metrics = await server.inject({
      method: 'GET',
      url: '/metrics',
      headers: { authorization: 'Bearer metrics-token-0123456789' },
    });
    expect(metrics.body).toMatch(/countersign_prompt_cache_calls_total\{outcome="joined"\} [1-9]/);
    expect(metrics.body).toContain('countersign_prompt_cache_calls_total{outcome="miss"} 2');
    const status = await server.inject({ method: 'GET', url: '/v1/status', headers: bearer(keys.admin) });
    expect(status.json().prompt_cache).toMatchObject({ calls: 'all', miss: 2, bypassed: 3, evictions: 0, entries: 2 });
  });

  it('names its outcome in the log of a request', () => {
    const outcomes = server.logged().map((line) => line['prompt_cache']);
    expect(outcomes).toContain('hit');
    expect(outcomes).toContain('bypassed');
  });
});
