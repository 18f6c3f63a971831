import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  BODY,
  chunked,
  headerOf,
  SIGNING_ENV,
  type Signing,
  send,
  signedRequest,
  type WireRequest,
  withHeader,
  withMore,
} from '../support/signed-request.ts';

const clock = new FakeClock();
let server: TestApp;
let port = 0;
beforeAll(async () => {
  server = await startApp({ env: SIGNING_ENV, clock });
  port = Number(new URL(await server.listen()).port);
});
afterAll(() => server[Symbol.asyncDispose]());

const fresh = (options: Partial<Signing> = {}): WireRequest => signedRequest({ timestamp: clock.now(), ...options });
const flip = (hex: string, at: number): string =>
  `${hex.slice(0, at)}${hex[at] === '0' ? '1' : '0'}${hex.slice(at + 1)}`;

type Change = (request: WireRequest) => WireRequest;

const target =
  (text: string): Change =>
  (request) => ({ ...request, target: text });
const body =
  (text: string): Change =>
  (request) => ({ ...request, body: text });
const header =
  (name: string, change: (value: string) => string): Change =>
  (request) =>
    withHeader(request, name, change(headerOf(request, name)));

/** The signed request is refused once it is changed, and still good for its owner afterwards. */
async function refused(change: Change, code: string, original: WireRequest): Promise<void> {
  const answer = await send(port, change(original));
  expect([answer.status, answer.code]).toEqual([401, code]);
  expect((await send(port, original)).status).toBe(201);
}

describe('whoever changes a signed request on its way is refused, and does not use up its nonce:', () => {
  it.each<[string, Change]>([
    ['another method', (request) => ({ ...request, method: 'GET' })],
    ['another path', target('/assist/draft-graph?round=1')],
    ['a letter of the path percent-encoded', target('/v1/%6beys?round=1')],
    ['a slash at the end', target('/v1/keys/?round=1')],
    ['an absolute target', target('http://api.test/v1/keys?round=1')],
    ['another value in the query', target('/v1/keys?round=2')],
    ['another parameter in the query', target('/v1/keys?round=1&admin=1')],
    ['the query taken away', target('/v1/keys')],
    ['an empty parameter in the query', target('/v1/keys?round=1&')],
    ['a fragment', target('/v1/keys?round=1#top')],
    ['another role in the body', body(BODY.replace('user', 'adm1'))],
    ['a blank in the body', body(BODY.replace(',', ', '))],
    ['a line end behind the body', body(`${BODY}\n`)],
    ['members of the body in another order', body('{"kind":"api","name":"victim","roles":["user"]}')],
    ['a member twice in the body', body(BODY.replace('}', ',"name":"n"}'))],
    ['the same JSON spelled otherwise', body(BODY.replace('victim', '\\u0076ictim'))],
    ['the body taken away', body('')],
    ['one digit of the signature', header('-signature', (value) => flip(value, 17))],
    ['the last digit of the signature', header('-signature', (value) => flip(value, 63))],
    ['a signature of zeros', header('-signature', () => '0'.repeat(64))],
    ['a later timestamp', header('-timestamp', (value) => String(Number(value) + 1))],
    ['an earlier timestamp', header('-timestamp', (value) => String(Number(value) - 1))],
    ['another nonce', header('-nonce', (value) => value.replace(/.$/, (last) => (last === '0' ? '1' : '0')))],
    ['the nonce in capitals', header('-nonce', (value) => value.toUpperCase())],
    [
      'the hash of the body as the signature',
      header('-signature', () => createHash('sha256').update(BODY).digest('hex')),
    ],
    ['the body sent in chunks with one byte more', (request) => chunked({ ...request, body: `${BODY} ` }, 7)],
  ])('%s', async (_title, change) => {
    await refused(change, 'INVALID_SIGNATURE', fresh({ nonce: `a${crypto.randomUUID().slice(1)}` }));
  });

  it.each(Array.from({ length: 8 }, (_, at) => [at * 6]))('byte %i of the body', async (at) => {
    const change: Change = (request) => ({
      ...request,
      body: `${BODY.slice(0, at)}${String.fromCharCode((BODY.charCodeAt(at) + 1) % 127)}${BODY.slice(at + 1)}`,
    });
    const original = fresh();
    const answer = await send(port, change(original));
    // What is no JSON any more is refused as that, before anybody looks at the signature.
    expect([['400', 'BAD_INPUT'].join(), ['401', 'INVALID_SIGNATURE'].join()]).toContain(
      `${answer.status},${answer.code}`,
    );
    expect((await send(port, original)).status).toBe(201);
  });

  it.each([
    ['capitals', '/V1/keys?round=1'],
    ['a double slash', '//v1/keys?round=1'],
    ['a dot segment', '/v1/./keys?round=1'],
    ['a parent segment', '/v1/x/../keys?round=1'],
    ['an encoded parent segment', '/v1/x/%2e%2e/keys?round=1'],
    ['an encoded slash', '/v1%2Fkeys?round=1'],
  ])('%s in the path, which leads nowhere', async (_title, elsewhere) => {
    const original = fresh();
    expect((await send(port, target(elsewhere)(original))).code).toBe('NOT_FOUND');
    expect((await send(port, original)).status).toBe(201);
  });

  it('two parameters of the query swapped', async () => {
    const original = fresh({ method: 'GET', target: '/v1/keys?limit=1&cursor=', body: '' });
    const answer = await send(port, { ...original, target: '/v1/keys?cursor=&limit=1' });
    expect(answer.code).toBe('INVALID_SIGNATURE');
  });

  it('a body put on a request that had none', async () => {
    const original = fresh({ method: 'GET', target: '/v1/keys', body: '' });
    expect((await send(port, { ...original, body: BODY })).code).toBe('INVALID_SIGNATURE');
    expect((await send(port, chunked({ ...original, body: BODY }, 9))).code).toBe('INVALID_SIGNATURE');
    expect((await send(port, original)).status).toBe(200);
  });

  it('a body put on a deletion that had none', async () => {
    const original = fresh({ method: 'DELETE', target: '/v1/keys/none', body: '' });
    expect((await send(port, { ...original, body: '{}' })).code).toBe('INVALID_SIGNATURE');
    expect((await send(port, original)).status).toBe(404);
  });

  it('HEAD made of GET', async () => {
    const original = fresh({ method: 'GET', target: '/v1/keys', body: '' });
    expect((await send(port, { ...original, method: 'HEAD' })).status).toBe(401);
    expect((await send(port, original)).status).toBe(200);
  });
});

describe('a signed request is accepted as it was sent:', () => {
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

  it.each<[string, () => WireRequest, number]>([
    ['with a body', () => fresh(), 201],
    ['in chunks of one byte', () => chunked(fresh(), 1), 201],
    ['in one chunk', () => chunked(fresh(), 1_000), 201],
    ['under the second prefix', () => fresh({ prefix: 'X-Olumi' }), 201],
    ['with names of headers in capitals', () => fresh({ prefix: 'X-COUNTERSIGN' }), 201],
    ['with the signature in capitals', () => header('-signature', (value) => value.toUpperCase())(fresh()), 201],
    ['with blanks around a header', () => header('-nonce', (value) => `  ${value} \t`)(fresh()), 201],
    ['naming the key that needs no name', () => fresh({ keyId: 'key_default' }), 201],
    ['with a key and a token beside it', () => withMore(fresh(), ['X-Api-Key', 'no'], ['Authorization', 'no']), 201],
    ['with a body of UTF-8', () => fresh({ body: utf8('{"name":"Zürich 🎉","kind":"api","roles":["user"]}') }), 201],
    ['without a body', () => fresh({ method: 'GET', target: '/v1/keys', body: '' }), 200],
    [
      'with a length of zero',
      () => withMore(fresh({ method: 'DELETE', target: '/v1/keys/x', body: '' }), ['Content-Length', '0']),
      404,
    ],
    ['with an empty query', () => fresh({ method: 'GET', target: '/v1/keys?', body: '' }), 200],
    ['with an encoded path', () => fresh({ method: 'GET', target: '/v1/%6beys', body: '' }), 200],
    ['with a slash at the end', () => fresh({ method: 'GET', target: '/v1/keys/', body: '' }), 200],
    ['where nobody lives', () => fresh({ method: 'DELETE', target: '/v1/keys/a%2Fb%00', body: '' }), 404],
  ])('%s', async (_title, request, status) => {
    expect((await send(port, request())).status).toBe(status);
  });

  it('with no bytes in its chunks', async () => {
    const empty = withMore(chunked(fresh({ method: 'DELETE', target: '/v1/keys/none', body: '' }), 1), [
      'X-Note',
      'the type is there',
    ]);
    expect((await send(port, empty)).status).toBe(404);
  });
});
