import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { rs256, unsigned } from '../support/forged-token.ts';
import { AUDIENCE, TestIssuer } from '../support/test-issuer.ts';

const clock = new FakeClock(Date.parse('2026-01-02T03:04:05.000Z'));
const now = Math.floor(clock.now() / 1_000);

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
const answerTo = async (claims: Record<string, unknown>): Promise<unknown> => {
  const response = await call(issuer.token(claims));
  return response.statusCode === 200 ? 200 : response.json<{ code: string }>().code;
};
/** Claims with the text of a member exactly as given. */
const raw = (name: string, text: string): string => {
  const claims = JSON.stringify(issuer.claims({ [name]: 'RAW' })).replace('"RAW"', text);
  return rs256(unsigned(issuer.header(), claims), issuer.key.privateKey);
};

describe('a token is accepted', () => {
  it.each<[string, Record<string, unknown>]>([
    ['for one audience', { aud: AUDIENCE }],
    ['for several audiences, this service among them', { aud: ['other', AUDIENCE] }],
    ['29 seconds behind its expiry', { exp: now - 29 }],
    ['a millisecond before the leeway ends', { exp: now - 29.999 }],
    ['30 seconds before it begins', { nbf: now + 30 }],
    ['issued 30 seconds ahead', { iat: now + 30 }],
    ['without iat and nbf', { iat: undefined, nbf: undefined }],
    ['with the tenant under its other name', { tenantId: undefined, tenant_id: 'acme' }],
    ['with both names of the tenant, when they agree', { tenant_id: 'acme' }],
    ['with roles in one text', { roles: 'user admin' }],
    ['with roles in the words of its scope', { roles: undefined, scope: 'openid admin' }],
    ['with roles that nobody knows beside one that is known', { roles: ['emperor', 'admin'] }],
    ['with a subject in another script', { sub: 'Zoë 名前' }],
  ])('%s', async (_title, claims) => {
    expect(await answerTo(claims)).toBe(200);
  });
});

describe('a token is refused', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['of an unknown issuer', { iss: 'https://evil.test' }, 'TOKEN_INVALID'],
    ['of an issuer whose name begins alike', { iss: 'http://127.0.0.1' }, 'TOKEN_INVALID'],
    ['of no issuer', { iss: undefined }, 'TOKEN_INVALID'],
    ['of a list of issuers', { iss: ['https://evil.test'] }, 'TOKEN_INVALID'],
    ['of an issuer named like a prototype member', { iss: '__proto__' }, 'TOKEN_INVALID'],
    ['for another audience', { aud: 'https://other.test' }, 'TOKEN_INVALID'],
    ['for no audience', { aud: undefined }, 'TOKEN_INVALID'],
    ['for an empty list of audiences', { aud: [] }, 'TOKEN_INVALID'],
    ['for an audience that contains ours', { aud: `${AUDIENCE}.evil.test` }, 'TOKEN_INVALID'],
    ['for an audience that is a part of ours', { aud: AUDIENCE.slice(0, -1) }, 'TOKEN_INVALID'],
    ['for our audience in capitals', { aud: AUDIENCE.toUpperCase() }, 'TOKEN_INVALID'],
    ['for our audience and a slash', { aud: `${AUDIENCE}/` }, 'TOKEN_INVALID'],
    ['for a list in a list', { aud: [[AUDIENCE]] }, 'TOKEN_INVALID'],
    ['for an object of audiences', { aud: { 0: AUDIENCE } }, 'TOKEN_INVALID'],
    ['for our audience beside a number', { aud: [AUDIENCE, 7] }, 'TOKEN_INVALID'],
    ['that never expires', { exp: undefined }, 'TOKEN_INVALID'],
    ['whose expiry is null', { exp: null }, 'TOKEN_INVALID'],
    ['whose expiry is a text', { exp: String(now + 300) }, 'TOKEN_INVALID'],
    ['whose expiry is a date', { exp: '2099-01-01T00:00:00Z' }, 'TOKEN_INVALID'],
    ['whose expiry is a list', { exp: [now + 300] }, 'TOKEN_INVALID'],
    ['whose expiry is true', { exp: true }, 'TOKEN_INVALID'],
    ['whose expiry is in milliseconds', { exp: (now + 300) * 1_000 }, 'TOKEN_INVALID'],
    ['whose expiry is the largest number', { exp: Number.MAX_VALUE }, 'TOKEN_INVALID'],
    ['whose expiry is negative', { exp: -1 }, 'TOKEN_INVALID'],
    ['whose expiry is zero', { exp: 0 }, 'TOKEN_EXPIRED'],
    ['31 seconds behind its expiry', { exp: now - 31 }, 'TOKEN_EXPIRED'],
    ['at the very end of the leeway', { exp: now - 30 }, 'TOKEN_EXPIRED'],
    ['31 seconds before it begins', { nbf: now + 31 }, 'TOKEN_INVALID'],
    ['a fraction before it begins', { nbf: now + 30.001 }, 'TOKEN_INVALID'],
    ['whose beginning is a text', { nbf: '0' }, 'TOKEN_INVALID'],
    ['issued 31 seconds ahead', { iat: now + 31 }, 'TOKEN_INVALID'],
    ['issued at a text', { iat: 'now' }, 'TOKEN_INVALID'],
    ['without a subject', { sub: undefined }, 'TOKEN_INVALID'],
    ['with an empty subject', { sub: '' }, 'TOKEN_INVALID'],
    ['with a number for a subject', { sub: 7 }, 'TOKEN_INVALID'],
    ['with a list of subjects', { sub: ['alice'] }, 'TOKEN_INVALID'],
    ['with a NUL in its subject', { sub: 'alice\u0000' }, 'TOKEN_INVALID'],
    ['with a line feed in its subject', { sub: 'alice\nroot' }, 'TOKEN_INVALID'],
    ['with an escape sequence in its subject', { sub: '\u001b[31malice' }, 'TOKEN_INVALID'],
    ['with text that runs backwards in its subject', { sub: 'alice\u202eecila' }, 'TOKEN_INVALID'],
    ['with an invisible space in its subject', { sub: 'ali\u200bce' }, 'TOKEN_INVALID'],
    ['with half a character in its subject', { sub: 'alice\ud800' }, 'TOKEN_INVALID'],
    ['with a subject of 256 characters', { sub: 'a'.repeat(256) }, 'TOKEN_INVALID'],
    ['with roles that are an object', { roles: { admin: true } }, 'TOKEN_INVALID'],
    ['with a role that is no text', { roles: ['admin', { role: 'admin' }] }, 'TOKEN_INVALID'],
    ['with roles that are true', { roles: true }, 'TOKEN_INVALID'],
    ['without a tenant', { tenantId: undefined }, 'TENANT_REQUIRED'],
    ['with an empty tenant', { tenantId: '' }, 'TENANT_REQUIRED'],
    ['with a tenant that is null', { tenantId: null }, 'TENANT_REQUIRED'],
    ['with a tenant that is a number', { tenantId: 7 }, 'TENANT_REQUIRED'],
    ['with a list of tenants', { tenantId: ['acme', 'globex'] }, 'TENANT_REQUIRED'],
    ['with a tenant that is an object', { tenantId: { toString: 'acme' } }, 'TENANT_REQUIRED'],
    ['with a tenant that is a pattern', { tenantId: '*' }, 'TENANT_REQUIRED'],
    ['with a tenant that ends another key', { tenantId: 'acme}:logs:{globex' }, 'TENANT_REQUIRED'],
    ['with a tenant and a line feed', { tenantId: 'acme\n' }, 'TENANT_REQUIRED'],
    ['with a tenant of 65 characters', { tenantId: 'a'.repeat(65) }, 'TENANT_REQUIRED'],
    ['with two tenants that differ', { tenant_id: 'globex' }, 'TOKEN_INVALID'],
    ['with a tenant, and under the other name a path', { tenant_id: '../evil' }, 'TOKEN_INVALID'],
    ['with a tenant, and under the name before it a path', { tenantId: '../evil', tenant_id: 'acme' }, 'TOKEN_INVALID'],
    ['with a tenant, and under the name before it a number', { tenantId: 42, tenant_id: 'acme' }, 'TOKEN_INVALID'],
    ['with a tenant, and under the name before it null', { tenantId: null, tenant_id: 'acme' }, 'TOKEN_INVALID'],
    ['with no tenant under either name', { tenantId: 42, tenant_id: '' }, 'TENANT_REQUIRED'],
    ['with roles nobody knows', { roles: ['emperor'] }, 'FORBIDDEN'],
    ['with a role in capitals', { roles: ['ADMIN'] }, 'FORBIDDEN'],
    ['with a role that begins alike', { roles: ['administrator'] }, 'FORBIDDEN'],
    ['with no role, though its scope names one', { roles: [], scope: 'admin' }, 'FORBIDDEN'],
    ['without roles and scope', { roles: undefined }, 'FORBIDDEN'],
    ['with a scope of the service instead of a role', { roles: undefined, scope: 'keys:manage' }, 'FORBIDDEN'],
    ['with a role that does not manage keys', { roles: ['user'] }, 'FORBIDDEN'],
  ])('%s', async (_title, claims, code) => {
    expect(await answerTo(claims)).toBe(code);
  });

  it.each([
    ['whose expiry is larger than any number', 'exp', '1e999'],
    ['whose expiry is less than any number', 'exp', '-1e999'],
    ['whose expiry is hexadecimal', 'exp', '0xffffffff'],
    ['whose expiry is NaN', 'exp', 'NaN'],
    ['whose subject is an unfinished escape', 'sub', '"\\u12"'],
  ])('%s', async (_title, name, text) => {
    expect((await call(raw(name, text))).json()).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('with 403 and no challenge when nothing but the tenant is missing', async () => {
    const response = await call(issuer.token({ tenantId: undefined }));
    expect(response.statusCode).toBe(403);
    expect(response.headers['www-authenticate']).toBeUndefined();
  });

  it('without a word about its expiry or tenant when somebody else signed it', async () => {
    const other = await TestIssuer.open(clock);
    try {
      for (const claims of [{ exp: now - 300 }, { tenantId: undefined }]) {
        const token = other.token({ iss: issuer.url, ...claims }, { kid: issuer.key.jwk['kid'] });
        expect((await call(token)).json()).toMatchObject({ code: 'TOKEN_INVALID' });
      }
    } finally {
      await other.close();
    }
  });
});

describe('a token that was accepted', () => {
  it('is refused from the end of its leeway on', async () => {
    const token = issuer.token({ exp: Math.floor(clock.now() / 1_000) + 10 });
    expect((await call(token)).statusCode).toBe(200);
    await clock.advance(39_999);
    expect((await call(token)).statusCode).toBe(200);
    await clock.advance(1);
    expect((await call(token)).json()).toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('does not vouch for one that differs in a character', async () => {
    const token = issuer.token();
    expect((await call(token)).statusCode).toBe(200);
    const at = token.length - 20;
    const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect((await call(altered)).json()).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('gives its principal an id that no API key can have', async () => {
    await call(issuer.token({ sub: 'key_0199c0de-0000-7000-8000-0123456789ab' }));
    expect(server.logged().at(-1)).toMatchObject({
      principal_id: `${issuer.url}#key_0199c0de-0000-7000-8000-0123456789ab`,
    });
  });
});
