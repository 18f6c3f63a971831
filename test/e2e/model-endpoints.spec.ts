import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { eventsOf } from '../support/drafts.ts';
import { capable } from '../support/openai-surface.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { failing } from '../support/scripted-upstream-scripts.ts';

const NEAR = 'key-of-near';
const HOSTED = 'key-of-hosted';

const modelsFile = (near: string, far: string): string => `
endpoints:
  near: { base_url: "${near}", models: [qwen], embedding_models: [bge] }
  far: { base_url: "${far}", models: [far-model] }
routes:
  text:
    house: [{ provider: near, model: qwen-large }, { provider: far, model: far-large }]
    "gpt-*": [{ provider: openai }]
`;

/** Unmodified requests to one service in front of three servers. */
describe('a service with several endpoints', () => {
  const scripts: Record<'near' | 'far' | 'hosted', Script> = { near: capable, far: capable, hosted: capable };
  const upstreams = new Map<keyof typeof scripts, ScriptedUpstream>();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-endpoints-'));
  let server: TestApp;

  const urlOf = (name: keyof typeof scripts): string => upstreams.get(name)?.url ?? '';
  beforeAll(async () => {
    for (const name of ['near', 'far', 'hosted'] as const)
      upstreams.set(name, await ScriptedUpstream.start([(...exchange) => scripts[name](...exchange)], 0));
    const file = join(folder, 'models.yaml');
    writeFileSync(file, modelsFile(urlOf('near'), urlOf('far')));
    server = await startApp({
      env: {
        MODELS_FILE: file,
        MODEL_PROVIDERS: 'near,far,openai,embedded',
        MODEL_ENDPOINT_KEYS: `near=${NEAR}`,
        OPENAI_BASE_URL: urlOf('hosted'),
        OPENAI_API_KEY: HOSTED,
      },
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    for (const upstream of upstreams.values()) await upstream.close();
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, payload: object) =>
    server.inject({ method: 'POST', url: `/v1/${path}`, headers: bearer(keys.user), payload });
  const chat = (model: string, more: object = {}) =>
    post('chat/completions', { model, messages: [{ role: 'user', content: 'Tea?' }], ...more });

  /** Who was asked since the last time, for which model, with which key. */
  const seen = new Map<ScriptedUpstream, number>();
  const asked = () =>
    [...upstreams].flatMap(([name, upstream]) => {
      const news = upstream.requests.slice(seen.get(upstream) ?? 0);
      seen.set(upstream, upstream.requests.length);
      return news.map(({ headers, body }) => [name, Object(body).model, headers.authorization]);
    });

  it.each([
    ['a model of an endpoint', 'qwen', ['near', 'qwen', `Bearer ${NEAR}`]],
    ['a model of one that has no key', 'far-model', ['far', 'far-model', undefined]],
    ['a name with a route', 'house', ['near', 'qwen-large', `Bearer ${NEAR}`]],
    ['a name that begins as a route says', 'gpt-tomorrow', ['hosted', 'gpt-tomorrow', `Bearer ${HOSTED}`]],
  ])('asks the one that serves %s, with its own key and no other', async (_title, model, expected) => {
    expect((await chat(model)).statusCode).toBe(200);
    expect(asked()).toEqual([expected]);
  });

  it('asks the first of all where nobody names a model', async () => {
    const payload = { brief: 'Should the harbour buy a second crane this year?', round: 0 };
    await server.inject({ method: 'POST', url: '/assist/clarify-brief', headers: bearer(keys.user), payload });
    expect(asked()).toContainEqual(['near', 'qwen', `Bearer ${NEAR}`]);
  });

  it('embeds with the one that has such models', async () => {
    const answer = await post('embeddings', { model: 'bge', input: 'tea' });
    expect(answer.statusCode).toBe(200);
    expect(asked()).toEqual([['near', 'bge', `Bearer ${NEAR}`]]);
  });

  it('lists them all, each with its owner, and no beginning of a name', async () => {
    const answer = await server.inject({ url: '/v1/models', headers: bearer(keys.user) });
    const owned = answer.json().data.map(({ id, owned_by }: Record<string, string>) => [id, owned_by]);
    expect(owned).toEqual(
      expect.arrayContaining([
        ['house', 'near'],
        ['qwen', 'near'],
        ['bge', 'near'],
        ['far-model', 'far'],
      ]),
    );
    expect(JSON.stringify(owned)).not.toContain('*');
  });

  it('goes on to the next endpoint when one fails', async () => {
    scripts.near = failing(401, {});
    const answer = await chat('house');
    scripts.near = capable;
    expect(answer.statusCode).toBe(200);
    expect(asked()).toEqual([
      ['near', 'qwen-large', `Bearer ${NEAR}`],
      ['far', 'far-large', undefined],
    ]);
  });

  it.each([
    ['as JSON', {}, (body: string): unknown => JSON.parse(body)],
    ['as a stream', { stream: true }, (body: string): unknown => JSON.parse(eventsOf(body)[0]?.data ?? '')],
  ])('tells whoever thought of a name that there is no such model, %s', async (_title, more, read) => {
    scripts.hosted = failing(404, {});
    const answer = await chat('gpt-of-nobody', more);
    scripts.hosted = capable;
    expect(read(answer.body)).toMatchObject({
      error: { type: 'invalid_request_error', param: 'model', code: 'model_not_found' },
    });
    expect(asked()).toEqual([['hosted', 'gpt-of-nobody', `Bearer ${HOSTED}`]]);
  });

  it('does not blame the caller for a route that leads nowhere', async () => {
    scripts.near = failing(404, {});
    scripts.far = failing(404, {});
    const answer = await chat('house');
    Object.assign(scripts, { near: capable, far: capable });
    expect([answer.statusCode, answer.json().code]).toEqual([502, 'UPSTREAM_FAILED']);
    expect(asked()).toHaveLength(2);
  });

  it('asks nobody for a name that nobody serves', async () => {
    expect([(await chat('claude-x')).statusCode, asked()]).toEqual([404, []]);
  });
});
