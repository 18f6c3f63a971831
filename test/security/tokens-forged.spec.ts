import { createSign, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ecKey, es256, hs256, part, ps256, rs256, rsaKey, signed, unsigned } from '../support/forged-token.ts';
import { TestIssuer } from '../support/test-issuer.ts';

const clock = new FakeClock();
const rsa = rsaKey({ kid: 'rsa', alg: 'RS256', use: 'sig' });
const pss = rsaKey({ kid: 'pss', alg: 'PS256' });
const curve = ecKey({ kid: 'ec', use: 'sig', key_ops: ['verify'] });
const bigCurve = ecKey({ kid: 'p384' }, 'P-384');
const attacker = rsaKey({ kid: 'rsa' });

let issuer: TestIssuer;
let thief: TestIssuer;
let server: TestApp;

beforeAll(async () => {
  issuer = await TestIssuer.open(clock, rsa);
  issuer.keys = [rsa.jwk, pss.jwk, curve.jwk, bigCurve.jwk];
  thief = await TestIssuer.open(clock, attacker);
  server = await startApp({ clock, env: issuer.env });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await issuer.close();
  await thief.close();
});

const call = (token: string) => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(token) });
/** Header and claims that are accepted when the right key signs them. */
const input = (header: object = {}, claims: Record<string, unknown> = {}): string =>
  unsigned(issuer.header({ ...header }), issuer.claims(claims));
const ec = (header: object = {}): string => input({ alg: 'ES256', kid: 'ec', ...header });
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const zeros = (count: number): Buffer => Buffer.alloc(count);
const secretOf = (form: 'pem' | 'der', type: 'spki' | 'pkcs1'): string | Buffer =>
  form === 'pem' ? rsa.publicKey.export({ format: 'pem', type }) : rsa.publicKey.export({ format: 'der', type });

describe('a token is accepted', () => {
  it.each<[string, () => string]>([
    ['signed with RS256', () => rs256(input(), rsa.privateKey)],
    ['signed with PS256', () => ps256(input({ alg: 'PS256', kid: 'pss' }), pss.privateKey)],
    ['signed with ES256', () => es256(ec(), curve.privateKey)],
    ['without a type', () => rs256(input({ typ: undefined }), rsa.privateKey)],
    ['typed as an access token', () => rs256(input({ typ: 'at+jwt' }), rsa.privateKey)],
    ['typed with the full media type', () => rs256(input({ typ: 'application/AT+JWT' }), rsa.privateKey)],
    ['without a key id when one key fits', () => rs256(input({ kid: undefined }), rsa.privateKey)],
    ['with header members nobody has to understand', () => rs256(input({ x5t: 'abc', nonce: 'n' }), rsa.privateKey)],
  ])('%s', async (_title, token) => {
    expect((await call(token())).statusCode).toBe(200);
  });
});

type Fault = 'malformed' | 'algorithm' | 'unknown_key' | 'signature';

/** What the attacker presents, and where it fails: an attack that fails for another reason proves nothing. */
const refused: readonly [string, Fault, () => string][] = [
  // Algorithms
  ['alg none and no signature', 'malformed', () => `${input({ alg: 'none' })}.`],
  ['alg None', 'malformed', () => `${input({ alg: 'None' })}.`],
  ['alg NONE', 'malformed', () => `${input({ alg: 'NONE' })}.`],
  ['alg nOnE with a signature', 'algorithm', () => rs256(input({ alg: 'nOnE' }), rsa.privateKey)],
  ['alg none with a trailing space', 'malformed', () => `${input({ alg: 'none ' })}.`],
  ['an empty alg', 'algorithm', () => rs256(input({ alg: '' }), rsa.privateKey)],
  ['no alg', 'malformed', () => rs256(input({ alg: undefined }), rsa.privateKey)],
  ['alg null', 'malformed', () => rs256(input({ alg: null }), rsa.privateKey)],
  ['alg as a list', 'malformed', () => rs256(input({ alg: ['RS256'] }), rsa.privateKey)],
  ['alg in lower case', 'algorithm', () => rs256(input({ alg: 'rs256' }), rsa.privateKey)],
  ['alg RS256 without a signature', 'malformed', () => `${input()}.`],
  [
    'HS256 keyed with the public key in PEM',
    'algorithm',
    () => hs256(input({ alg: 'HS256' }), secretOf('pem', 'spki')),
  ],
  [
    'HS256 keyed with the public key in PKCS #1 PEM',
    'algorithm',
    () => hs256(input({ alg: 'HS256' }), secretOf('pem', 'pkcs1')),
  ],
  [
    'HS256 keyed with the public key in DER',
    'algorithm',
    () => hs256(input({ alg: 'HS256' }), secretOf('der', 'spki')),
  ],
  ['HS256 keyed with the published modulus', 'algorithm', () => hs256(input({ alg: 'HS256' }), String(rsa.jwk['n']))],
  ['HS256 keyed with an empty secret', 'algorithm', () => hs256(input({ alg: 'HS256' }), '')],
  ['an HMAC under alg RS256', 'signature', () => hs256(input(), secretOf('pem', 'spki'))],
  [
    'RS384 by the right key',
    'algorithm',
    () =>
      signed(
        input({ alg: 'RS384' }),
        createSign('sha384')
          .update(input({ alg: 'RS384' }))
          .sign(rsa.privateKey),
      ),
  ],
  ['PS256 by a key pinned to RS256', 'unknown_key', () => ps256(input({ alg: 'PS256' }), rsa.privateKey)],
  ['RS256 by a key pinned to PS256', 'unknown_key', () => rs256(input({ kid: 'pss' }), pss.privateKey)],
  ['PS256 with an empty salt', 'signature', () => ps256(input({ alg: 'PS256', kid: 'pss' }), pss.privateKey, 0)],
  ['ES256 named by an RSA key', 'unknown_key', () => rs256(input({ alg: 'ES256' }), rsa.privateKey)],
  ['RS256 named by an EC key', 'unknown_key', () => es256(input({ kid: 'ec' }), curve.privateKey)],
  ['ES256 by a P-384 key', 'unknown_key', () => es256(ec({ kid: 'p384' }), bigCurve.privateKey)],
  ['ES384 by its P-384 key', 'algorithm', () => es256(ec({ alg: 'ES384', kid: 'p384' }), bigCurve.privateKey)],
  ['EdDSA', 'algorithm', () => es256(ec({ alg: 'EdDSA' }), curve.privateKey)],
  // Signatures
  ['a signature by another key with the same id', 'signature', () => rs256(input(), attacker.privateKey)],
  ['the signature of another token', 'signature', () => `${input({}, { sub: 'bob' })}.${issuer.token().split('.')[2]}`],
  ['ES256 with r and s zero', 'signature', () => signed(ec(), zeros(64))],
  ['ES256 with r and s of the order of the curve', 'signature', () => signed(ec(), Buffer.concat([order, order]))],
  ['ES256 with r zero', 'signature', () => signed(ec(), Buffer.concat([zeros(32), order.map((byte) => byte >> 1)]))],
  [
    'ES256 with a signature in DER',
    'signature',
    () => signed(ec(), sign('sha256', Buffer.from(ec()), curve.privateKey)),
  ],
  ['ES256 with a signature of 63 bytes', 'signature', () => signed(ec(), zeros(63).fill(7))],
  ['ES256 with a signature of 65 bytes', 'signature', () => `${es256(ec(), curve.privateKey).slice(0, -2)}AAAA`],
  ['RS256 with a signature of zeros', 'signature', () => signed(input(), zeros(256))],
  ['RS256 with a signature of one byte', 'signature', () => signed(input(), zeros(1))],
  ['RS256 with a zero in front of the signature', 'signature', () => withZeroInFront(rs256(input(), rsa.privateKey))],
  // Keys of the attacker's choice
  ['a key in the header (jwk)', 'signature', () => rs256(input({ jwk: attacker.jwk }), attacker.privateKey)],
  ['a key set of its own (jku)', 'signature', () => rs256(input({ jku: thief.jwksUri }), attacker.privateKey)],
  ['a certificate address (x5u)', 'signature', () => rs256(input({ x5u: thief.url }), attacker.privateKey)],
  [
    'a certificate in the header (x5c)',
    'signature',
    () => rs256(input({ x5c: [String(attacker.jwk['n'])] }), attacker.privateKey),
  ],
  ['a key id that is a path', 'unknown_key', () => rs256(input({ kid: '../../../../dev/null' }), attacker.privateKey)],
  ['a key id that is an address', 'unknown_key', () => rs256(input({ kid: thief.jwksUri }), attacker.privateKey)],
  ['a key id that is SQL', 'unknown_key', () => rs256(input({ kid: "' UNION SELECT 'key' --" }), attacker.privateKey)],
  ['a key id that is a command', 'unknown_key', () => rs256(input({ kid: '|/usr/bin/id' }), attacker.privateKey)],
  ['a key id of a prototype member', 'unknown_key', () => rs256(input({ kid: '__proto__' }), attacker.privateKey)],
  ['a key id of 4 KB', 'malformed', () => rs256(input({ kid: 'k'.repeat(4_096) }), rsa.privateKey)],
  ['a key id with a NUL', 'malformed', () => rs256(input({ kid: 'rsa\u0000' }), rsa.privateKey)],
  ['an empty key id', 'malformed', () => rs256(input({ kid: '' }), rsa.privateKey)],
  ['a key id that is a list', 'malformed', () => rs256(input({ kid: ['rsa'] }), rsa.privateKey)],
  ['a key id that is a number', 'malformed', () => rs256(input({ kid: 0 }), rsa.privateKey)],
  // Critical extensions
  ['an unknown critical extension', 'malformed', () => rs256(input({ crit: ['exp'], exp: 1 }), rsa.privateKey)],
  ['an empty list of critical extensions', 'malformed', () => rs256(input({ crit: [] }), rsa.privateKey)],
  ['critical extensions that are no list', 'malformed', () => rs256(input({ crit: 'b64' }), rsa.privateKey)],
  ['an unencoded payload (b64)', 'malformed', () => rs256(input({ crit: ['b64'], b64: false }), rsa.privateKey)],
  ['b64 without crit', 'malformed', () => rs256(input({ b64: true }), rsa.privateKey)],
  // Other forms
  [
    'a token inside a token',
    'malformed',
    () => rs256(`${part(issuer.header({ cty: 'JWT' }))}.${part(issuer.token())}`, rsa.privateKey),
  ],
  [
    'a payload that is a token',
    'malformed',
    () => rs256(`${part(issuer.header())}.${part(issuer.token())}`, rsa.privateKey),
  ],
  ['a compressed payload', 'malformed', () => rs256(input({ zip: 'DEF' }), rsa.privateKey)],
  ['a logout token', 'malformed', () => rs256(input({ typ: 'logout+jwt' }), rsa.privateKey)],
  ['a security event token', 'malformed', () => rs256(input({ typ: 'secevent+jwt' }), rsa.privateKey)],
  ['a proof of possession', 'malformed', () => rs256(input({ typ: 'dpop+jwt' }), rsa.privateKey)],
  ['a type that is a list', 'malformed', () => rs256(input({ typ: ['JWT'] }), rsa.privateKey)],
];

const withZeroInFront = (token: string): string => {
  const [header, claims, signature = ''] = token.split('.');
  return signed(`${header}.${claims}`, Buffer.concat([zeros(1), Buffer.from(signature, 'base64url')]));
};

describe('a forged token is refused', () => {
  it.each(refused)('%s', async (_title, fault, token) => {
    const response = await call(token());
    expect(response.json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID', detail: 'The token is not valid' });
    expect(String(response.headers['www-authenticate'])).toContain('error="invalid_token"');
    expect(server.logged().at(-1)).toMatchObject({ credential_fault: fault });
  });

  it('without asking any address that a token named', () => {
    expect(thief.requests).toEqual([]);
  });

  it.each<[string, () => string]>([
    ['an encrypted token (JWE)', () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a2V5.aXY.dGV4dA.dGFn`],
    ['four parts', () => `${issuer.token()}.AAAA`],
    ['two parts', () => issuer.token().split('.').slice(0, 2).join('.')],
    ['one part', () => part(issuer.claims())],
  ])('%s is no token, and no key either', async (_title, token) => {
    expect((await call(token())).json()).toMatchObject({ status: 401, code: 'INVALID_API_KEY' });
  });

  it.each<[string, () => string]>([
    ['the JSON serialisation', () => JSON.stringify({ payload: part(issuer.claims()), signatures: [] })],
    ['the flattened JSON serialisation', () => JSON.stringify({ protected: part(issuer.header()), signature: 'AA' })],
  ])('%s is not read', async (_title, token) => {
    expect((await call(token())).statusCode).toBe(401);
  });
});
