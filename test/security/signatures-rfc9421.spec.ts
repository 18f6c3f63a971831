import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createVerifier, httpbis } from 'http-message-signatures';
import { contentDigest, generateNonce, signMessage } from '#libs/signing/index.js';
import { startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  DEFAULT_SIGNER,
  FIELDS,
  hmacSigner,
  type MessageSigning,
  messageSigned,
  PARTNER_ENV,
  partner,
} from '../support/message-signed-request.ts';
import {
  BODY,
  chunked,
  headerOf,
  outcomeOf,
  SECRET,
  SIGNING_ENV,
  send,
  type WireRequest,
  withHeader,
  withMore,
} from '../support/signed-request.ts';

const SKEW_MS = 300_000;

const clock = new FakeClock();
let server: TestApp;
let port = 0;
beforeAll(async () => {
  server = await startApp({ env: { ...SIGNING_ENV, ...PARTNER_ENV }, clock });
  port = Number(new URL(await server.listen()).port);
  // Signatures of this kind count whole seconds: the first one made after the start is a second away.
  await clock.advance(1_000);
});
afterAll(() => server[Symbol.asyncDispose]());

const fresh = (options: Partial<MessageSigning> = {}): Promise<WireRequest> =>
  messageSigned({ now: clock.now(), ...options });
const READ = { method: 'GET', target: '/v1/keys', body: '' } as const;
const digestOf = (body: string): string => contentDigest(Buffer.from(body, 'latin1'), 'sha-256');
const input = (change: (value: string) => string) => async (): Promise<WireRequest> => {
  const request = await fresh();
  return withHeader(request, 'signature-input', change(headerOf(request, 'signature-input')));
};
const also = (name: string, change: (value: string) => string) => (value: string) =>
  `${value}, ${name}${change(value).slice(3)}`;

describe('a message signature of another implementation is accepted', () => {
  it.each<[string, Partial<MessageSigning>, number]>([
    ['with hmac-sha256', {}, 201],
    ['with ed25519', { signer: partner }, 201],
    ['over the whole target', { fields: ['@method', '@target-uri', 'content-digest'] }, 201],
    [
      'over everything',
      {
        fields: [
          '@method',
          '@target-uri',
          '@authority',
          '@scheme',
          '@request-target',
          '@path',
          '@query',
          'content-digest',
        ],
      },
      201,
    ],
    ['over another header', { fields: [...FIELDS, 'x-note'], headers: { 'X-Note': 'a,  b' } }, 201],
    ['that does not name its algorithm', { params: ['keyid', 'nonce', 'created'] }, 201],
    [
      'with an end and a tag',
      {
        params: ['created', 'expires', 'nonce', 'keyid', 'tag'],
        values: { tag: 'a "tag"', expires: new Date(clock.now() + 60_000) },
      },
      201,
    ],
    ['without a body', READ, 200],
    ['with a query', { ...READ, target: '/v1/keys?limit=1' }, 200],
    ['with an encoded path', { ...READ, target: '/v1/%6beys' }, 200],
  ])('%s', async (_title, options, status) => {
    expect((await send(port, await fresh(options))).status).toBe(status);
  });

  it('with its body in chunks', async () => {
    expect((await send(port, chunked(await fresh(), 10))).status).toBe(201);
  });
});

describe('our message signature', () => {
  const message = { method: 'POST', target: '/v1/keys?round=1', origin: 'http://api.test', rawHeaders: [], body: BODY };
  const headers = () =>
    signMessage(
      message,
      { algorithm: 'hmac-sha256', keyId: 'key_default', secret: SECRET },
      { created: Math.floor(clock.now() / 1_000), nonce: generateNonce() },
    );

  it('is accepted by the service', async () => {
    const request = { ...message, headers: Object.entries(headers()) };
    expect((await send(port, request)).status).toBe(201);
  });

  it.each([
    ['and by the other implementation', SECRET, true],
    ['and refused by it under another secret', `${SECRET}x`, false],
  ])('%s', async (_title, secret, verified) => {
    const keyLookup = async () => ({ id: 'key_default', verify: createVerifier(secret, 'hmac-sha256') });
    const request = { method: 'POST', url: 'http://api.test/v1/keys?round=1', headers: { ...headers() } };
    expect(await httpbis.verifyMessage({ keyLookup, notAfter: new Date(clock.now()) }, request)).toBe(verified);
  });
});

describe('a message signature is refused', () => {
  it.each<[string, () => Promise<WireRequest>, string]>([
    ['without its input', async () => withHeader(await fresh(), 'signature-input', undefined), 'MISSING_SIGNATURE'],
    ['with an empty input', input(() => ''), 'MISSING_SIGNATURE'],
    [
      'without the signature',
      async () => ({ ...(await fresh()), headers: (await fresh()).headers.filter(([name]) => name !== 'Signature') }),
      'MISSING_SIGNATURE',
    ],
    ['that does not cover the method', () => fresh({ fields: FIELDS.slice(1) }), 'INVALID_SIGNATURE'],
    [
      'that does not cover the path',
      () => fresh({ fields: ['@method', '@query', 'content-digest'] }),
      'INVALID_SIGNATURE',
    ],
    [
      'that does not cover the query',
      () => fresh({ fields: ['@method', '@path', 'content-digest'] }),
      'INVALID_SIGNATURE',
    ],
    ['that does not cover the body', () => fresh({ fields: FIELDS.slice(0, 3) }), 'INVALID_SIGNATURE'],
    [
      'that covers a length in place of the body',
      () =>
        fresh({
          fields: [...FIELDS.slice(0, 3), 'content-length'],
          headers: { 'Content-Length': String(BODY.length) },
        }),
      'INVALID_SIGNATURE',
    ],
    ['that covers nothing', () => fresh({ fields: [] }), 'INVALID_SIGNATURE'],
    ['without a time', () => fresh({ params: ['nonce', 'keyid', 'alg'] }), 'REPLAY_PROTECTION_REQUIRED'],
    ['without a nonce', () => fresh({ params: ['created', 'keyid', 'alg'] }), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a nonce that is short', () => fresh({ values: { nonce: 'again' } }), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a nonce that is long', () => fresh({ values: { nonce: 'n'.repeat(129) } }), 'REPLAY_PROTECTION_REQUIRED'],
    ['without a key', () => fresh({ params: ['created', 'nonce', 'alg'] }), 'NO_SECRET'],
    ['with a key nobody made', () => fresh({ signer: hmacSigner(SECRET, 'nobody') }), 'NO_SECRET'],
    [
      'with a key of another kind: its public half as a secret',
      () =>
        fresh({
          signer: hmacSigner(PARTNER_ENV.ED25519_KEYS.slice(8, 51), 'partner'),
          params: ['created', 'nonce', 'keyid'],
        }),
      'INVALID_SIGNATURE',
    ],
    ['with another secret', () => fresh({ signer: hmacSigner(`${SECRET}x`, 'key_default') }), 'INVALID_SIGNATURE'],
    ['that claims another algorithm', () => fresh({ values: { alg: 'ed25519' } }), 'INVALID_SIGNATURE'],
    [
      'that claims an HMAC for a public key',
      () => fresh({ signer: partner, values: { alg: 'hmac-sha256' } }),
      'INVALID_SIGNATURE',
    ],
    ['that claims no algorithm', () => fresh({ values: { alg: 'none' } }), 'INVALID_SIGNATURE'],
    ['that claims an algorithm nobody knows', () => fresh({ values: { alg: 'rsa-v1_5-sha256' } }), 'INVALID_SIGNATURE'],
    [
      'with a time that was changed',
      input((value) => value.replace(/created=\d+/, (text) => `${text.slice(0, -1)}${(Number(text.at(-1)) + 1) % 10}`)),
      'INVALID_SIGNATURE',
    ],
    [
      'with a nonce that was changed',
      input((value) => value.replace(/nonce="[^"]*"/, `nonce="${generateNonce()}"`)),
      'INVALID_SIGNATURE',
    ],
    ['with a key that was changed', input((value) => value.replace('key_default', 'partner')), 'INVALID_SIGNATURE'],
    [
      'with a component put in',
      input((value) => value.replace('"@method"', '"@method" "@scheme"')),
      'INVALID_SIGNATURE',
    ],
    ['with a component taken away', input((value) => value.replace('"@query" ', '')), 'INVALID_SIGNATURE'],
    [
      'with components in another order',
      input((value) => value.replace('"@method" "@path"', '"@path" "@method"')),
      'INVALID_SIGNATURE',
    ],
    ['with a component twice', () => fresh({ fields: ['@method', ...FIELDS] }), 'INVALID_SIGNATURE'],
    [
      'with a component of a response',
      input((value) => value.replace('"@method"', '"@method" "@status"')),
      'INVALID_SIGNATURE',
    ],
    [
      'over one parameter of the query',
      () => fresh({ fields: ['@method', '@path', '@query-param;name="round"', 'content-digest'] }),
      'INVALID_SIGNATURE',
    ],
    [
      'over a form of a header we do not make',
      () => fresh({ fields: [...FIELDS, 'x-note;bs'], headers: { 'X-Note': 'a' } }),
      'INVALID_SIGNATURE',
    ],
    [
      'over a header that was taken away',
      async () =>
        withHeader(await fresh({ fields: [...FIELDS, 'x-note'], headers: { 'X-Note': 'a' } }), 'x-note', undefined),
      'INVALID_SIGNATURE',
    ],
    [
      'over a header that came twice',
      async () => withMore(await fresh({ fields: [...FIELDS, 'x-note'], headers: { 'X-Note': 'a' } }), ['x-note', 'b']),
      'INVALID_SIGNATURE',
    ],
    [
      'with the signature of a parameter that stands twice',
      input((value) => `${value};keyid="partner"`),
      'INVALID_SIGNATURE',
    ],
    ['with a parameter put in', input((value) => `${value};role="admin"`), 'INVALID_SIGNATURE'],
    ['with another input beside it', input(also('sig2', (value) => value)), 'AMBIGUOUS_CREDENTIALS'],
    ['with the same label twice', input(also('sig', (value) => value)), 'INVALID_SIGNATURE'],
    ['with another label', input((value) => value.replace('sig', 'gis')), 'INVALID_SIGNATURE'],
    ['with an input that is no list', input(() => 'sig="@method"'), 'INVALID_SIGNATURE'],
    ['with an input of 7 KB', input(() => `sig=(${'"@method" '.repeat(700)})`), 'INVALID_SIGNATURE'],
    [
      'with an input that stands on two lines',
      async () => withMore(await fresh(), ['signature-input', 'sig2=()']),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'with two signatures',
      async () => {
        const request = await fresh();
        return withMore(request, ['Signature', headerOf(request, 'signature')]);
      },
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'beside one of our own profile',
      async () => withMore(await fresh(), ['X-Countersign-Signature', 'ab'.repeat(32)]),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'that names another host',
      () => fresh({ origin: 'http://evil.test', fields: ['@method', '@target-uri', 'content-digest'] }),
      'INVALID_SIGNATURE',
    ],
    [
      'that names another scheme',
      () => fresh({ origin: 'https://api.test', fields: ['@method', '@target-uri', 'content-digest'] }),
      'INVALID_SIGNATURE',
    ],
    [
      'for another host',
      async () =>
        withMore(await fresh({ fields: ['@method', '@target-uri', 'content-digest'] }), ['Host', 'evil.test']),
      'INVALID_SIGNATURE',
    ],
    [
      'for another method',
      async () => ({ ...(await fresh(READ)), method: 'DELETE', target: '/v1/keys/x' }),
      'INVALID_SIGNATURE',
    ],
    ['for another query', async () => ({ ...(await fresh()), target: '/v1/keys?round=2' }), 'INVALID_SIGNATURE'],
    ['for another body', async () => ({ ...(await fresh()), body: BODY.replace('user', 'adm1') }), 'INVALID_SIGNATURE'],
    [
      'for a body whose digest was changed with it',
      async () => ({ ...withHeader(await fresh(), 'content-digest', digestOf('{}')), body: '{}' }),
      'INVALID_SIGNATURE',
    ],
    [
      'for a body without a digest',
      async () => withHeader(await fresh(), 'content-digest', undefined),
      'INVALID_SIGNATURE',
    ],
    [
      'for a body with a second digest',
      async () => withMore(await fresh(), ['Content-Digest', digestOf(BODY)]),
      'INVALID_SIGNATURE',
    ],
    [
      'for a body put on a request that had none',
      async () => ({ ...(await fresh(READ)), body: BODY }),
      'INVALID_SIGNATURE',
    ],
    [
      'for a signed digest that is wrong',
      () => fresh({ headers: { 'Content-Digest': digestOf('{}') } }),
      'INVALID_SIGNATURE',
    ],
    [
      'for a signed digest of MD5',
      () => fresh({ headers: { 'Content-Digest': 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:' } }),
      'INVALID_SIGNATURE',
    ],
    [
      'for a signed digest that is no bytes',
      () => fresh({ headers: { 'Content-Digest': 'sha-256="abc"' } }),
      'INVALID_SIGNATURE',
    ],
    [
      'that has ended',
      () => fresh({ params: ['created', 'expires', 'nonce', 'keyid'], values: { expires: new Date(clock.now()) } }),
      'SIGNATURE_SKEW',
    ],
    ['that is too old', () => fresh({ now: clock.now() - SKEW_MS - 1_000 }), 'SIGNATURE_SKEW'],
    ['that is too new', () => fresh({ now: clock.now() + SKEW_MS + 1_000 }), 'SIGNATURE_SKEW'],
    ['that was made before the process began', () => fresh({ now: clock.now() - 2_000 }), 'SIGNATURE_SKEW'],
  ])('%s', async (_title, request, code) => {
    const answer = await send(port, await request());
    expect([answer.status, answer.code]).toEqual([401, code]);
  });

  it('the second time, in any number of copies', async () => {
    const request = await fresh();
    const race = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(port, request)));
    expect(race.toSorted()).toEqual(['201', ...Array.from({ length: 19 }, () => 'REPLAY_BLOCKED')]);
  });

  it('and a wrong one does not use up its nonce', async () => {
    const nonce = generateNonce();
    const stolen = await fresh({ signer: hmacSigner('somebody-else', 'key_default'), values: { nonce } });
    expect((await send(port, stolen)).code).toBe('INVALID_SIGNATURE');
    expect((await send(port, await fresh({ signer: DEFAULT_SIGNER, values: { nonce } }))).status).toBe(201);
  });
});
