import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectEdgeHeaders, expectProblem, expectResponseHash } from '../support/edge-headers.ts';
import { type RawAnswer, speak } from '../support/raw-http.ts';

const BRIEF = 'Should the harbour buy a second crane, or extend the shifts of the first one?';
const DRAFT = '/assist/draft-graph';
const LIMIT_MS = 10_000;

let server: TestApp;
let port = 0;

beforeAll(async () => {
  server = await startApp();
  port = Number(new URL(await server.listen()).port);
});
afterAll(() => server[Symbol.asyncDispose]());

const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: DRAFT,
    headers: { ...bearer(keys.user), 'content-type': 'application/json', ...headers },
    payload,
  });

/** What bytes are answered with whose sender never says that they were all: the server closes by itself. */
async function answered(bytes: string): Promise<RawAnswer> {
  const answer = await speak(port, bytes, LIMIT_MS, LIMIT_MS);
  expect(answer.closed).toBe(true);
  return answer;
}

const withBrief = (brief: string): string => JSON.stringify({ brief });

describe('bad input gets its own code, and every header', () => {
  it.each<[string, string | Buffer, number, string]>([
    ['not JSON', '{"brief":', 400, 'BAD_INPUT'],
    ['no body', '', 400, 'BAD_INPUT'],
    ['JSON null', 'null', 400, 'BAD_INPUT'],
    ['an array', '[]', 400, 'BAD_INPUT'],
    ['a brief of 29 characters', withBrief('x'.repeat(29)), 400, 'BAD_INPUT'],
    ['a brief of 5001 characters', withBrief('x'.repeat(5_001)), 400, 'BAD_INPUT'],
    ['a brief that is a number', '{"brief":42}', 400, 'BAD_INPUT'],
    ['an unknown field', JSON.stringify({ brief: BRIEF, briefs: 1 }), 400, 'BAD_INPUT'],
    ['an unknown field called constructor', JSON.stringify({ brief: BRIEF, constructor: 1 }), 400, 'BAD_INPUT'],
    ['__proto__', `{"brief":"${BRIEF}","__proto__":{"admin":true}}`, 400, 'BAD_INPUT'],
    ['constructor.prototype', `{"brief":"${BRIEF}","constructor":{"prototype":{"admin":true}}}`, 400, 'BAD_INPUT'],
    ['300 levels of JSON', `{"brief":${'['.repeat(300)}${']'.repeat(300)}}`, 400, 'BAD_INPUT'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'BAD_INPUT'],
    ['11 MiB', withBrief('x'.repeat(11 * 1024 * 1024)), 413, 'PAYLOAD_TOO_LARGE'],
  ])('%s', async (_what, payload, status, code) => {
    const response = await post(payload);
    expectProblem(response, status, code);
  });

  it('validation names the field, never its value', async () => {
    const response = await post(withBrief('a planted value'));
    expect(response.json()).toMatchObject({
      errors: [{ path: 'brief', code: 'too_small' }],
      error: { param: 'brief' },
    });
    expect(response.body).not.toContain('a planted value');
  });

  it('each unknown field is named', async () => {
    const response = await post(JSON.stringify({ brief: BRIEF, briefs: 1, colour: 'red' }));
    const errors = ['briefs', 'colour'].map((path) => ({ path, code: 'unrecognized_keys', message: 'Unknown field' }));
    const message = 'The request has invalid fields: briefs: Unknown field';
    expect(response.json()).toMatchObject({ errors, error: { param: 'briefs', message } });
  });

  it('another media type is refused', async () => {
    const response = await post('brief=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expectProblem(response, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('a body of no bytes is read as none, whatever its media type', async () => {
    const headers = {
      ...bearer(keys.user),
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': '0',
    };
    const response = await server.inject({ method: 'POST', url: '/assist/draft-graph/resume', headers });
    expect(response.json()).toMatchObject({ code: 'RESUME_TOKEN_MISSING' });
  });

  it('a transfer coding beside chunked is refused: nobody has decoded it', async () => {
    const answer = await answered(
      `POST ${DRAFT} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    );
    expectProblem(answer, 400, 'BAD_INPUT');
  });

  it.each(['gzip', 'GZIP', 'br', 'identity, deflate', 'x-unknown'])(
    'a body with the coding %j is refused, and the answer says that none is taken',
    async (coding) => {
      const payload = gzipSync(withBrief(BRIEF));
      const response = await post(payload, { 'content-encoding': coding });
      expectProblem(response, 415, 'UNSUPPORTED_MEDIA_TYPE');
      expect(response.headers['accept-encoding']).toBe('identity');
    },
  );

  it.each(['identity', '', 'identity, Identity'])('a body with the coding %j is read', async (coding) => {
    expect((await post(withBrief(BRIEF), { 'content-encoding': coding })).statusCode).toBe(200);
  });

  it('2 MiB is too much for a route without documents, and the limit is named', async () => {
    const response = await server.inject({
      method: 'POST',
      url: '/v1/keys',
      headers: { ...bearer(keys.admin), 'content-type': 'application/json' },
      payload: JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) }),
    });
    expectProblem(response, 413, 'PAYLOAD_TOO_LARGE');
    expect(response.json()).toMatchObject({ details: { max_bytes: 1_048_576 } });
  });

  it('a body far over the limit is refused in a way its sender can read', async () => {
    const body = withBrief('x'.repeat(40 * 1024 * 1024));
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}${DRAFT}`, { method: 'POST', headers, body });
    const answer = {
      headers: Object.fromEntries(response.headers),
      status: response.status,
      body: await response.text(),
    };
    expectProblem(answer, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('an unknown route is not found', async () => {
    const response = await server.inject({ method: 'GET', url: '/v1/nothing?secret=1' });
    expectProblem(response, 404, 'NOT_FOUND');
  });

  it('a page that is missing among the documentation is not found', async () => {
    const response = await server.inject({ method: 'GET', url: '/documentation/nothing.js' });
    expectProblem(response, 404, 'NOT_FOUND');
  });

  it('a wrong method names the right ones', async () => {
    const response = await server.inject({ method: 'PUT', url: DRAFT });
    expectProblem(response, 405, 'METHOD_NOT_ALLOWED');
    expect(response.headers['allow']).toBe('POST');
  });

  it('a path that is no URL is refused', async () => {
    const response = await server.inject({ method: 'GET', url: '/v1/%zz' });
    expectProblem(response, 400, 'BAD_INPUT');
  });

  it.each([
    ['no JSON', '{"brief":', 'application/json'],
    ['another media type', 'brief=1', 'text/plain'],
    ['more than the limit', 'x'.repeat(11 * 1_048_576), 'application/json'],
  ])('a body that nobody vouches for is not looked at: %s', async (_what, payload, type) => {
    const response = await server.inject({ method: 'POST', url: DRAFT, headers: { 'content-type': type }, payload });
    expectProblem(response, 401, 'UNAUTHENTICATED');
  });

  it('a body that nobody vouches for is refused before it has come', async () => {
    const answer = await answered(
      `POST ${DRAFT} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\n\r\n`,
    );
    expectProblem(answer, 401, 'UNAUTHENTICATED');
  });

  it('no credential is told where to get one', async () => {
    const response = await server.inject({ method: 'POST', url: DRAFT, payload: { brief: BRIEF } });
    expectProblem(response, 401, 'UNAUTHENTICATED');
    expect(response.headers['www-authenticate']).toMatch(
      /^Bearer resource_metadata="http:\/\/.+\/\.well-known\/oauth-protected-resource"$/,
    );
  });

  it('OpenAI routes answer errors as application/json', async () => {
    const response = await server.inject({ method: 'POST', url: '/v1/chat/completions', payload: {} });
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expectProblem(response, 401, 'UNAUTHENTICATED');
  });
});

describe('bytes that are hardly HTTP', () => {
  it.each([
    [
      '10,000 headers',
      `GET /healthz HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 10_000 }, (_, n) => `x-${n}: 1\r\n`).join('')}\r\n`,
    ],
    ['a header line of 100 KB', `GET /healthz HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['two lengths', 'POST /assist/draft-graph HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    [
      'length and chunks at once',
      'POST /assist/draft-graph HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('%s', async (_what, text) => {
    expectProblem(await answered(text), 400, 'BAD_INPUT');
  });
});

describe('every answer carries the headers', () => {
  it.each([
    '/healthz',
    '/readyz',
    '/documentation',
    '/documentation/json',
    '/.well-known/countersign-keys.json',
    '/.well-known/oauth-protected-resource',
    '/metrics',
  ])('%s', async (url) => {
    const response = await server.inject({ method: 'GET', url, remoteAddress: '127.0.0.1' });
    expect(response.statusCode).toBe(200);
    expectEdgeHeaders(response.headers);
  });

  it('a stream, from its first bytes', async () => {
    const response = await server.inject({
      method: 'POST',
      url: `${DRAFT}/stream`,
      headers: bearer(keys.user),
      payload: { brief: BRIEF },
    });
    expect(response.statusCode).toBe(200);
    expectEdgeHeaders(response.headers);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-stream-id': expect.stringMatching(/^strm_/),
    });
  });

  it('JSON answers name the hash of their bytes', async () => {
    const response = await server.inject({ method: 'GET', url: '/healthz' });
    expectResponseHash(response.headers, response.rawPayload);
  });

  it('a request id and a trace of the caller are kept', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'my-request-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const response = await server.inject({ method: 'GET', url: '/v1/nothing', headers });
    expect(response.headers).toMatchObject({ 'x-request-id': 'my-request-1', 'x-trace-id': trace });
    expect(response.json()).toMatchObject({ request_id: 'my-request-1', trace_id: trace });
  });
});

describe('the log', () => {
  it('has one event a request, with its route and its problem', async () => {
    await server.inject({ method: 'GET', url: '/v1/nothing', headers: { 'x-request-id': 'logged-once-1' } });
    const lines = server.logged().filter((line) => line['request_id'] === 'logged-once-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      event: 'request.completed',
      http_route: 'unrouted',
      http_status: 404,
      problem: 'NOT_FOUND',
    });
  });

  it('has one event for bytes that never became a request, with the ids of their answer', async () => {
    const { headers } = await answered('hello\r\n\r\n');
    const lines = server.logged().filter((line) => line['request_id'] === headers['x-request-id']);
    expect(lines).toMatchObject([
      { event: 'connection.refused', trace_id: headers['x-trace-id'], http_status: 400, problem: 'BAD_INPUT' },
    ]);
  });

  it('never shows a credential', async () => {
    await server.inject({ method: 'GET', url: `/v1/status?key=${keys.admin}`, headers: bearer(keys.admin) });
    expect(JSON.stringify(server.logged())).not.toContain(keys.admin);
  });
});
