import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ecKey, es256, hs256, type IssuerKey, rs256, rsaKey, unsigned } from '../support/forged-token.ts';
import { TestIssuer } from '../support/test-issuer.ts';
import { until } from '../support/until.ts';

const REFRESH_MS = 300_000;
const MOST_TESTS = 36;
const clock = new FakeClock();
const first = rsaKey({ kid: 'first' });
const second = rsaKey({ kid: 'second' });

/** A fresh issuer for every test, all known to one service. */
const issuers: TestIssuer[] = [];
let used = 0;
let issuer: TestIssuer;
let server: TestApp;

beforeAll(async () => {
  for (let count = 0; count < MOST_TESTS; count += 1) issuers.push(await TestIssuer.open(clock, first));
  server = await startApp({ clock, env: { JWT_ISSUERS: JSON.stringify(issuers.map((each) => each.entry)) } });
});
beforeEach(async () => {
  issuer = issuers[used] as TestIssuer;
  used += 1;
  await until('its keys are there', async () => (await known()).available);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all(issuers.map((each) => each.close()));
});

const known = async () => {
  const status = await server.inject({ method: 'GET', url: '/v1/status', headers: bearer(keys.auditor) });
  const { jwks } = status.json<{ jwks: { issuer: string; available: boolean; age_seconds: number; keys: number }[] }>();
  const [own] = jwks.filter((each) => each.issuer === issuer.url);
  if (own === undefined) throw new Error('The status does not name the issuer');
  return own;
};
const statusOf = async (token: string): Promise<number> =>
  (await server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(token) })).statusCode;
const signedBy = (key: IssuerKey, claims: object = {}, header: object = {}): string =>
  rs256(unsigned(issuer.header({ kid: key.jwk['kid'], ...header }), issuer.claims({ ...claims })), key.privateKey);
const strange = (number: number): string => issuer.token({}, { kid: `strange ${number}` });
/** The next regular fetch, to its end. */
const refresh = async (): Promise<void> => {
  await clock.leap(REFRESH_MS);
  await until('the keys are fetched again', async () => (await known()).age_seconds === 0);
};

const weak = (kid: string, extra: object = {}) => rsaKey({ kid, ...extra });
const withZero = weak('zero');
const zeros = Buffer.concat([Buffer.alloc(3), Buffer.from(String(withZero.jwk['n']), 'base64url')]);
const padded = weak('padded');
const offCurve = ecKey({ kid: 'off', y: Buffer.alloc(32, 1).toString('base64url') });

describe('a token is refused, signed by a key', () => {
  it.each<[string, IssuerKey, object?]>([
    ['of 1,024 bits', rsaKey({ kid: '1024' }, 1_024)],
    ['of 2,047 bits', rsaKey({ kid: '2047' }, 2_047)],
    ['with exponent 3', rsaKey({ kid: 'e3' }, 2_048, 3)],
    ['for encryption', weak('enc', { use: 'enc' })],
    ['for an unknown use', weak('tls', { use: 'tls' })],
    ['for signing only', weak('sign', { key_ops: ['sign'] })],
    ['for no operation', weak('nothing', { key_ops: [] })],
    ['for operations that are no list', weak('text', { key_ops: 'verify' })],
    ['pinned to another algorithm', weak('rs512', { alg: 'RS512' })],
    ['pinned to encryption', weak('oaep', { alg: 'RSA-OAEP' })],
    ['pinned to none', weak('none', { alg: 'none' })],
    ['published with its private part', weak('private', { d: 'AQAB' })],
    ['whose id is a number', weak('7'), { kid: 7 }],
    ['called a shared secret', weak('oct', { kty: 'oct', k: 'c2VjcmV0' })],
    ['of no family', weak('unknown', { kty: undefined })],
    ['with zeros in front of its modulus', withZero, { n: zeros.toString('base64url') }],
    ['with padding behind its modulus', padded, { n: `${padded.jwk['n']}==` }],
  ])('%s', async (_title, key, published = {}) => {
    issuer.keys = [{ ...key.jwk, ...published }, second.jwk];
    const token = signedBy(key);
    expect(await statusOf(token)).toBe(401);
    expect((await known()).keys).toBe(1);
    issuer.keys = [{ kty: 'RSA', kid: key.jwk['kid'], n: second.jwk['n'], e: 'AQAB' }];
    await refresh();
    expect(await statusOf(signedBy({ ...second, jwk: key.jwk }))).toBe(200);
  });

  it.each<[string, object, () => string]>([
    [
      'that is a point off the curve',
      offCurve.jwk,
      () => es256(unsigned(issuer.header({ alg: 'ES256', kid: 'off' }), issuer.claims()), offCurve.privateKey),
    ],
    [
      'that is a shared secret',
      { kty: 'oct', kid: 'shared', alg: 'HS256', k: 'c2VjcmV0' },
      () => hs256(unsigned(issuer.header({ alg: 'HS256', kid: 'shared' }), issuer.claims()), 'secret'),
    ],
  ])('%s', async (_title, jwk, token) => {
    issuer.keys = [{ ...jwk }, first.jwk];
    await refresh();
    expect(await statusOf(token())).toBe(401);
    expect((await known()).keys).toBe(1);
  });

  it('that shares its id with another', async () => {
    issuer.keys = [first.jwk, { ...second.jwk, kid: 'first' }];
    await refresh();
    expect(await statusOf(signedBy(first))).toBe(401);
  });

  it('it does not name, when several fit', async () => {
    issuer.keys = [first.jwk, second.jwk];
    await refresh();
    expect(await statusOf(signedBy(first, {}, { kid: undefined }))).toBe(401);
    expect(await statusOf(signedBy(first))).toBe(200);
  });

  it('that stands nowhere in a set of rubbish, beside which a good key goes on', async () => {
    issuer.keys = [null, 'key', 7, [], {}, first.jwk] as unknown as typeof issuer.keys;
    await refresh();
    expect(await statusOf(signedBy(second))).toBe(401);
    expect(await statusOf(signedBy(first))).toBe(200);
  });
});

describe('a rotation', () => {
  it('needs no pause: the first token of a new key is accepted, and those of the old one still', async () => {
    const old = signedBy(first);
    expect(await statusOf(old)).toBe(200);
    issuer.keys = [first.jwk, second.jwk];
    expect(await statusOf(signedBy(second))).toBe(200);
    expect(await statusOf(old)).toBe(200);
    expect(await statusOf(signedBy(first, { sub: 'bob' }))).toBe(200);
  });

  it('is noticed by a token that comes while an older answer is under way', async () => {
    const before = Promise.withResolvers<void>();
    const respond = issuer.respond;
    issuer.respond = (response) => {
      const stale = JSON.stringify({ keys: [first.jwk] });
      issuer.respond = respond;
      void before.promise.then(() => response.end(stale));
    };
    const asked = issuer.requests.length;
    const stranger = statusOf(strange(0));
    await until('the first fetch is under way', () => issuer.requests.length > asked);
    issuer.keys = [first.jwk, second.jwk];
    const newcomer = statusOf(signedBy(second));
    before.resolve();
    expect(await newcomer).toBe(200);
    expect(await stranger).toBe(401);
  });

  it('ends the tokens of a key that was taken back, also one that was accepted before', async () => {
    const stolen = signedBy(first, longLived());
    expect(await statusOf(stolen)).toBe(200);
    issuer.keys = [second.jwk];
    await refresh();
    expect(await statusOf(stolen)).toBe(401);
    expect(await statusOf(signedBy(second))).toBe(200);
  });

  it('ends them at once when a token of a new key comes first', async () => {
    const stolen = signedBy(first);
    expect(await statusOf(stolen)).toBe(200);
    issuer.keys = [second.jwk];
    expect(await statusOf(signedBy(second))).toBe(200);
    expect(await statusOf(stolen)).toBe(401);
  });

  it('gives a key that comes back under an old id no tokens of its predecessor', async () => {
    const old = signedBy(first, longLived());
    expect(await statusOf(old)).toBe(200);
    const successor = rsaKey({ kid: 'first' });
    issuer.keys = [successor.jwk];
    await refresh();
    expect(await statusOf(old)).toBe(401);
    expect(await statusOf(signedBy(successor))).toBe(200);
  });

  it('to no key at all ends every token', async () => {
    const token = signedBy(first, longLived());
    expect(await statusOf(token)).toBe(200);
    issuer.keys = [];
    await refresh();
    expect(await statusOf(token)).toBe(401);
  });

  const longLived = () => ({ exp: Math.floor(clock.now() / 1_000) + 86_400 });
});

describe('a storm of made-up key ids', () => {
  it('one after another costs the issuer five fetches, and no caller his access', async () => {
    const before = issuer.requests.length;
    for (let number = 0; number < 200; number += 1) expect(await statusOf(strange(number))).toBe(401);
    expect(issuer.requests.length - before).toBe(5);
    expect(await statusOf(signedBy(first))).toBe(200);
  });

  it('all at once costs the issuer two', async () => {
    const before = issuer.requests.length;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, number) => statusOf(strange(number))));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(issuer.requests.length - before).toBeLessThanOrEqual(2);
  });

  it('of one id costs one fetch in thirty seconds', async () => {
    const before = issuer.requests.length;
    for (let attempt = 0; attempt < 50; attempt += 1) await statusOf(strange(0));
    expect(issuer.requests.length - before).toBe(1);
    await clock.advance(30_000);
    await statusOf(strange(0));
    expect(issuer.requests.length - before).toBe(2);
  });

  it('does not hide a new key for longer than ten seconds', async () => {
    for (let number = 0; number < 20; number += 1) await statusOf(strange(number));
    issuer.keys = [first.jwk, second.jwk];
    expect(await statusOf(signedBy(second))).toBe(401);
    await clock.advance(10_000);
    expect(await statusOf(signedBy(second))).toBe(200);
  });
});

describe('a token seen before', () => {
  it('is not verified again, and the issuer is not asked', async () => {
    const token = signedBy(first);
    expect(await statusOf(token)).toBe(200);
    const before = issuer.requests.length;
    for (let request = 0; request < 100; request += 1) expect(await statusOf(token)).toBe(200);
    expect(issuer.requests.length).toBe(before);
  });
});
