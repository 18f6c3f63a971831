import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';

const EMBEDDED = 'countersign-embedded-1';
const chat = { model: EMBEDDED, messages: [{ role: 'user', content: 'The mill stands in Kent.' }] };
const embeddings = { model: 'countersign-embed-1', input: 'tea' };

type Asked = InjectOptions & { readonly url: string };

const get = (url: string): Asked => ({ method: 'GET', url });
const post = (url: string, payload: object | string): Asked => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  payload,
});

const routes: readonly (readonly [string, Asked])[] = [
  ['GET /v1/models', get('/v1/models')],
  ['GET /v1/models/{id}', get(`/v1/models/${EMBEDDED}`)],
  ['POST /v1/embeddings', post('/v1/embeddings', embeddings)],
  ['POST /v1/chat/completions', post('/v1/chat/completions', chat)],
  ['a stream of POST /v1/chat/completions', post('/v1/chat/completions', { ...chat, stream: true })],
];
const posts = routes.filter(([name]) => name.startsWith('POST'));

const image = (url: string) => ({
  ...chat,
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
});

const fn = (name: string) => ({ type: 'function', function: { name } });

describe('the surface of the OpenAI API', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({ env: { BODY_LIMIT_BYTES: '2048' } });
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  async function refused(request: InjectOptions, status: number, code: string, key: string = keys.user) {
    const headers = { ...request.headers, ...(key === '' ? {} : bearer(key)) };
    const answer = await server.inject({ ...request, headers });
    expectProblem(answer, status, code);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    return JSON.parse(answer.body) as { readonly error: Readonly<Record<string, unknown>> };
  }

  it.each(routes)('%s refuses who says nothing of himself', (_name, request) =>
    refused(request, 401, 'UNAUTHENTICATED', ''),
  );

  it.each(routes)('%s refuses an unknown key', (_name, request) =>
    refused(request, 401, 'INVALID_API_KEY', 'somebody-elses-key-0123456789abcdefghij'),
  );

  it.each(routes)('%s offers the methods it has', (_name, { url }) =>
    refused({ method: 'PUT', url, payload: {} }, 405, 'METHOD_NOT_ALLOWED'),
  );

  it.each(posts)('%s takes JSON alone', (_name, { url }) =>
    refused(
      { method: 'POST', url, payload: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ),
  );

  it.each(posts)('%s refuses what is no JSON', (_name, { url }) => refused(post(url, '{'), 400, 'BAD_INPUT'));

  it.each(posts)('%s refuses a body larger than documents may be', (_name, { url }) =>
    refused(post(url, JSON.stringify({ input: 'x'.repeat(10 * 1_048_576) })), 413, 'PAYLOAD_TOO_LARGE'),
  );

  it.each(posts)('%s lets nobody in whose role may not call models', (_name, request) =>
    refused(request, 403, 'FORBIDDEN', keys.auditor),
  );

  it.each(routes)('%s does nothing under a name that is close', (_name, { url }) =>
    refused(post(`${url}/x/y`, {}), 404, 'NOT_FOUND'),
  );

  it.each([
    ['no model', 'model', { messages: chat.messages }],
    ['no messages', 'messages', { model: EMBEDDED }],
    ['a role nobody has', 'messages.0.role', { ...chat, messages: [{ role: 'oracle', content: 'a' }] }],
    ['sound', 'messages.0.content', { ...chat, messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
    ['text that is none', 'messages.0.content', { ...chat, messages: [{ role: 'user', content: 'a\0b' }] }],
    ['half a character', 'messages.0.content', { ...chat, messages: [{ role: 'user', content: '\ud800' }] }],
    ['an image of the local network', 'messages.0.content.0.image_url.url', image('http://10.0.0.1/a.png')],
    ['an image that is a file', 'messages.0.content.0.image_url.url', image('file:///etc/passwd')],
    ['a tool that is no function', 'tools.0.type', { ...chat, tools: [{ type: 'custom', custom: { name: 'a' } }] }],
    ['two tools of one name', 'tools', { ...chat, tools: [fn('a'), fn('a')] }],
    ['a choice of an unknown tool', 'tool_choice', { ...chat, tools: [fn('a')], tool_choice: fn('b') }],
    ['a choice without tools', 'tool_choice', { ...chat, tool_choice: 'required' }],
    ['an unknown form', 'response_format.type', { ...chat, response_format: { type: 'xml' } }],
    ['a stream that is a word', 'stream', { ...chat, stream: 'true' }],
    ['no tokens at all', 'max_tokens', { ...chat, max_tokens: 0 }],
    ['five ends', 'stop', { ...chat, stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['a temperature above the scale', 'temperature', { ...chat, temperature: 2.1 }],
  ])('a chat with %s is refused by the name of the field', async (_what, param, body) => {
    const { error } = await refused(post('/v1/chat/completions', body), 400, 'BAD_INPUT');
    expect(error).toMatchObject({ param, type: 'invalid_request_error', message: expect.stringContaining(param) });
  });

  it.each([
    ['no model', 'model', { input: 'tea' }],
    ['an empty text', 'input', { ...embeddings, input: '' }],
    ['an empty list', 'input', { ...embeddings, input: [] }],
    ['token ids for a model without any', 'input', { ...embeddings, input: [[1, 2], [3]] }],
    ['words among token ids', 'input', { ...embeddings, input: [[1, 2], 'tea'] }],
    ['a token id among words', 'input', { ...embeddings, input: ['tea', 1] }],
    ['no token ids', 'input', { ...embeddings, input: [[]] }],
    ['half a token id', 'input', { ...embeddings, input: [1.5] }],
    ['an unknown encoding', 'encoding_format', { ...embeddings, encoding_format: 'hex' }],
    ['no dimensions', 'dimensions', { ...embeddings, dimensions: 0 }],
  ])('an embedding with %s is refused by the name of the field', async (_what, param, body) => {
    const { error } = await refused(post('/v1/embeddings', body), 400, 'BAD_INPUT');
    expect(error).toMatchObject({ param });
  });

  it('fields nobody knows, and fields that are null, change nothing', async () => {
    const nothing = { temperature: null, stop: null, tools: null, response_format: null, stream: null, n: null };
    const unknown = { user: 'u', metadata: { a: 'b' }, store: true, logit_bias: {}, service_tier: 'auto', banana: [1] };
    const answer = await server.inject({
      ...post('/v1/chat/completions', { ...chat, ...nothing, ...unknown }),
      headers: bearer(keys.user),
    });
    expect([answer.statusCode, answer.json().choices[0].finish_reason]).toEqual([200, 'stop']);
  });

  it('a chat asked for again with its key is the same answer, and charged once', async () => {
    const request = {
      ...post('/v1/chat/completions', chat),
      headers: { ...bearer(keys.user2), 'idempotency-key': 'chat-1' },
    };
    const [one, other] = [await server.inject(request), await server.inject(request)];
    expect([other.headers['idempotent-replayed'], other.body]).toEqual(['true', one.body]);
    const left = [one, other].map(({ headers }) => headers['x-ratelimit-remaining-tokens']);
    expect(left[0]).toBe(left[1]);
    const changed = await server.inject({ ...request, payload: { ...chat, seed: 1 } });
    expect([changed.statusCode, changed.headers['x-should-retry']]).toEqual([422, 'false']);
  });

  it('embeddings asked for again with their key are the same answer', async () => {
    const request = {
      ...post('/v1/embeddings', embeddings),
      headers: { ...bearer(keys.user2), 'idempotency-key': 'embed-1' },
    };
    const [one, other] = [await server.inject(request), await server.inject(request)];
    expect([other.headers['idempotent-replayed'], other.body]).toEqual(['true', one.body]);
  });
});

const RPM = 4;

describe('the limits of the surface', () => {
  let server: TestApp;
  beforeAll(async () => {
    const limits = { RATE_LIMIT_RPM: String(RPM), SSE_RATE_LIMIT_RPM: String(RPM), RATE_LIMIT_BURST: String(RPM) };
    server = await startApp({ env: { ...limits, TOKEN_LIMIT_PER_DAY: '400' } });
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  const ask = (body: object, key: string) =>
    server.inject({ ...post('/v1/chat/completions', body), headers: bearer(key) });

  /** The answer to the first that is refused. */
  async function spend(body: object): Promise<Awaited<ReturnType<typeof ask>>> {
    for (let granted = 0; granted <= RPM; granted += 1) {
      const answer = await ask(body, keys.user);
      if (answer.statusCode !== 200) return answer;
    }
    throw new Error('Nobody was refused');
  }

  it('count a streamed chat as a stream, and one at once as a request', async () => {
    const streamed = { ...chat, stream: true };
    for (const [body, noun] of [
      [streamed, 'streams'],
      [chat, 'requests'],
    ] as const) {
      const answer = await spend(body);
      expectProblem(answer, 429, 'RATE_LIMITED');
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'ratelimit-policy': expect.stringContaining(`"${noun}"`),
        'retry-after-ms': expect.stringMatching(/^\d+$/),
      });
    }
  });

  it('of tokens refuse a question that is larger than what is left, as a stream too', async () => {
    const large = { ...chat, messages: [{ role: 'user', content: 'The mill is old. '.repeat(200) }] };
    for (const body of [large, { ...large, stream: true }]) {
      const answer = await ask(body, keys.foreign);
      expectProblem(answer, 429, 'QUOTA_EXHAUSTED');
      expect(JSON.parse(answer.body)).toMatchObject({
        error: { type: 'insufficient_quota', code: 'insufficient_quota' },
      });
    }
  });
});
