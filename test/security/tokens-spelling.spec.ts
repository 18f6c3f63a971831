import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { part, rs256 } from '../support/forged-token.ts';
import { TestIssuer } from '../support/test-issuer.ts';

const clock = new FakeClock();
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let issuer: TestIssuer;
let server: TestApp;

beforeAll(async () => {
  issuer = await TestIssuer.open(clock);
  server = await startApp({ clock, env: issuer.env });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await issuer.close();
});

const call = (token: string) => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(token) });

/** Signs header and payload whatever they are; texts are taken as they stand. */
const sealed = (header: unknown = issuer.header(), payload: unknown = issuer.claims()): string =>
  rs256(`${part(header)}.${part(payload)}`, issuer.key.privateKey);
/** Signs parts that are spelled already. */
const spelled = (header: string, payload: string): string => rs256(`${header}.${payload}`, issuer.key.privateKey);
/** A JSON object with a text put in front of its first member. */
const within = (value: object, members: string): string => JSON.stringify(value).replace('{', `{${members},`);

/** The same bytes, spelled with other bits behind the last byte. */
const otherSpelling = (text: string): string => {
  if (text.length % 4 === 0) throw new Error('No bits are left over');
  const last = BASE64URL.indexOf(text.at(-1) ?? '');
  return text.slice(0, -1) + BASE64URL[last + 1];
};
/** Claims whose encoding leaves bits over. */
const uneven = (): string => {
  const [text] = ['a', 'aa', 'aaa'].map((pad) => part(issuer.claims({ pad }))).filter((each) => each.length % 4 > 0);
  return text ?? '';
};
const parts = (): [header: string, payload: string, signature: string] => {
  const [header = '', payload = '', signature = ''] = spelled(part(issuer.header()), uneven()).split('.');
  return [header, payload, signature];
};
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

it('a token spelled as RFC 7515 has it is accepted', async () => {
  expect((await call(sealed())).statusCode).toBe(200);
  expect((await call(parts().join('.'))).statusCode).toBe(200);
});

describe('a token is refused that is spelled', () => {
  it.each<[string, () => string]>([
    ['with padding behind the signature', () => `${parts().join('.')}==`],
    ['with padding behind the signed header', () => spelled(`${part({ ...issuer.header(), a: 1 })}=`, uneven())],
    ['with padding behind the signed payload', () => spelled(part(issuer.header()), `${uneven()}=`)],
    ['in the plain base64 alphabet', () => plainAlphabet()],
    ['with other bits behind the signature', () => withPart(2, otherSpelling(parts()[2]))],
    ['with other bits behind the signed payload', () => spelled(part(issuer.header()), otherSpelling(uneven()))],
    [
      'with a character too many in the payload',
      () => spelled(part(issuer.header()), `${part(issuer.claims({ pad: whole() }))}A`),
    ],
    ['with a percent sign in the signature', () => withPart(2, `${parts()[2]}%`)],
    ['without a header', () => withPart(0, '')],
    ['without a payload', () => withPart(1, '')],
    ['without a signature', () => withPart(2, '')],
    ['with nothing but dots', () => '..'],
    ['with a header that is signed and empty', () => spelled('', uneven())],
    ['with a payload that is signed and empty', () => spelled(part(issuer.header()), '')],
    ['with a payload of 10 KB', () => sealed(issuer.header(), issuer.claims({ pad: 'a'.repeat(10_240) }))],
    ['with a payload of 100 KB', () => sealed(issuer.header(), issuer.claims({ pad: 'a'.repeat(102_400) }))],
  ])('%s', async (_title, token) => {
    expect((await call(token())).json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  });

  it.each<[string, string]>([
    ['with a space inside', ' '],
    ['with a tab inside', '\t'],
  ])('%s', async (_title, space) => {
    const token = parts().join('.');
    const response = await call(`${token.slice(0, -9)}${space}${token.slice(-9)}`);
    expect(response.json()).toMatchObject({ status: 401 });
  });

  const withPart = (index: number, text: string): string => parts().with(index, text).join('.');
  const whole = (): string => ['a', 'aa', 'aaa'].find((pad) => part(issuer.claims({ pad })).length % 4 === 0) ?? '';
  /** Claims chosen so that both alphabets differ. */
  const plainAlphabet = (): string => {
    const payload = Buffer.from(JSON.stringify(issuer.claims({ pad: '~~~???>>>ÿÿÿ' }))).toString('base64');
    if (!/[+/]/.test(payload)) throw new Error('Both alphabets spell this alike');
    return spelled(part(issuer.header()), payload.replaceAll('=', ''));
  };
});

describe('a token is refused though its issuer signed', () => {
  it.each<[string, () => string]>([
    ['two algorithms', () => sealed(within(issuer.header(), '"alg":"none"'))],
    ['two algorithms, one spelled with escapes', () => sealed(within(issuer.header(), '"\\u0061lg":"none"'))],
    ['two key ids', () => sealed(within(issuer.header(), '"kid":"other"'))],
    ['two subjects', () => sealed(issuer.header(), within(issuer.claims(), '"sub":"root"'))],
    ['two tenants', () => sealed(issuer.header(), within(issuer.claims(), '"tenantId":"globex"'))],
    [
      'two expiries that agree',
      () => sealed(issuer.header(), within(issuer.claims(), `"exp":${issuer.claims()['exp']}`)),
    ],
    ['a member twice in an inner object', () => sealed(issuer.header(), within(issuer.claims(), '"a":{"b":1,"b":2}'))],
    ['a header nested 10 deep', () => sealed(within(issuer.header(), `"a":${nested(10)}`))],
    ['claims nested 20 deep', () => sealed(issuer.header(), within(issuer.claims(), `"a":${nested(20)}`))],
    ['claims nested 2,000 deep', () => sealed(issuer.header(), within(issuer.claims(), `"a":${nested(2_000)}`))],
    ['a header of 100 members', () => sealed({ ...issuer.header(), ...many(100) })],
    ['claims of 400 members', () => sealed(issuer.header(), issuer.claims(many(400)))],
    ['a header that is a list', () => sealed([issuer.header()])],
    ['a header that is null', () => sealed('null')],
    ['a header that is no JSON', () => sealed('alg=RS256')],
    ['claims that are a list', () => sealed(issuer.header(), [issuer.claims()])],
    ['claims that are a text', () => sealed(issuer.header(), '"claims"')],
    ['claims that are a number', () => sealed(issuer.header(), '7')],
    ['claims that are no JSON', () => sealed(issuer.header(), 'sub=root')],
    ['claims with a byte order mark', () => sealed(issuer.header(), `\ufeff${JSON.stringify(issuer.claims())}`)],
    ['claims with something behind them', () => sealed(issuer.header(), `${JSON.stringify(issuer.claims())}{}`)],
    ['claims with a comment', () => sealed(issuer.header(), `${JSON.stringify(issuer.claims())}//`)],
    ['claims that are not UTF-8', () => spelled(part(issuer.header()), latin1(issuer.claims({ pad: 'é' })))],
    ['claims in UTF-16', () => spelled(part(issuer.header()), utf16(issuer.claims()))],
  ])('%s', async (_title, token) => {
    expect((await call(token())).json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  });

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, 0]));
  const latin1 = (value: object): string => Buffer.from(JSON.stringify(value), 'latin1').toString('base64url');
  const utf16 = (value: object): string => Buffer.from(JSON.stringify(value), 'utf16le').toString('base64url');
});

describe('a member that would be a prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('gives a token nothing: %s', async (name) => {
    const { roles, ...bare } = issuer.claims();
    const response = await call(sealed(issuer.header(), within(bare, `"${name}":{"roles":["admin"]}`)));
    expect(response.json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });
});

describe('a token outside its header', () => {
  it.each<[string, () => { url?: string; headers: Record<string, string | string[]> }, string]>([
    ['in the query', () => ({ url: `/v1/keys?access_token=${sealed()}`, headers: {} }), 'UNAUTHENTICATED'],
    ['in a cookie', () => ({ headers: { cookie: `access_token=${sealed()}` } }), 'UNAUTHENTICATED'],
    ['under another scheme', () => ({ headers: { authorization: `JWT ${sealed()}` } }), 'UNAUTHENTICATED'],
    ['in the header of keys', () => ({ headers: { 'x-api-key': sealed() } }), 'INVALID_API_KEY'],
    [
      'beside another token',
      () => ({ headers: { authorization: [`Bearer ${sealed()}`, 'Bearer a.b.c'] } }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'joined with another token',
      () => ({ headers: { authorization: `Bearer ${sealed()}, Bearer a.b.c` } }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'beside an API key',
      () => ({ headers: { ...bearer(sealed()), 'x-api-key': 'k'.repeat(40) } }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'beside a wrong signature',
      () => ({ headers: { ...bearer(sealed()), 'X-Olumi-Signature': 'ab' } }),
      'REPLAY_PROTECTION_REQUIRED',
    ],
  ])('is not accepted: %s', async (_title, request, code) => {
    const response = await server.inject({ method: 'GET', url: '/v1/keys', ...request() });
    expect(response.json()).toMatchObject({ status: 401, code });
  });

  it('is nowhere in the log', async () => {
    const token = sealed();
    await server.inject({ method: 'GET', url: `/v1/keys?access_token=${token}`, headers: bearer(`${token}A`) });
    expect(JSON.stringify(server.logged())).not.toContain(token.split('.')[1]);
  });
});
