import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ecKey, es256, ps256, rs256, rsaKey, unsigned } from '../support/forged-token.ts';
import { TestIssuer } from '../support/test-issuer.ts';

const clock = new FakeClock(Date.parse('2026-01-02T03:04:05.000Z'));
const now = Math.floor(clock.now() / 1_000);
const curve = ecKey({ kid: 'ec' });

/** May speak for every tenant, with RS256 alone. */
let house: TestIssuer;
/** May speak for one tenant. */
let partner: TestIssuer;
let server: TestApp;

beforeAll(async () => {
  house = await TestIssuer.open(clock, rsaKey({ kid: 'same' }));
  partner = await TestIssuer.open(clock, rsaKey({ kid: 'same' }));
  house.keys = [house.key.jwk, curve.jwk];
  const issuers = [
    { ...house.entry, algorithms: ['RS256'] },
    { ...partner.entry, audience: ['https://partner.test', 'https://other.test'], tenants: ['globex'] },
  ];
  const env = {
    JWT_ISSUERS: JSON.stringify(issuers),
    JWT_TENANT_CLAIMS: 'tenantId,https://tenant.test/name',
    JWT_ISSUED_AFTER: new Date((now - 60) * 1_000).toISOString(),
  };
  server = await startApp({ clock, env });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await house.close();
  await partner.close();
});

const call = (token: string) => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(token) });
const ofPartner = (claims: Record<string, unknown> = {}): string =>
  partner.token({ aud: 'https://partner.test', tenantId: 'globex', ...claims });
const principalOf = async (token: string): Promise<unknown> => {
  expect((await call(token)).statusCode).toBe(200);
  return server.logged().at(-1)?.['principal_id'];
};

describe('an issuer', () => {
  it('is believed about its own tokens', async () => {
    expect((await call(house.token())).statusCode).toBe(200);
    expect((await call(ofPartner())).statusCode).toBe(200);
  });

  it('makes principals of its own: one subject of two issuers is two callers', async () => {
    const ours = await principalOf(house.token({ sub: 'alice', tenantId: 'globex' }));
    const theirs = await principalOf(ofPartner({ sub: 'alice' }));
    expect(ours).toBe(`${house.url}#alice`);
    expect(theirs).toBe(`${partner.url}#alice`);
  });

  it.each<[string, () => string]>([
    ['does not speak for a tenant that is not its own', () => ofPartner({ tenantId: 'acme' })],
    ['does not speak for a tenant whose name begins like its own', () => ofPartner({ tenantId: 'globex2' })],
    ['does not speak for a tenant whose name differs in case', () => ofPartner({ tenantId: 'Globex' })],
    ['does not sign in the name of another', () => partner.token({ iss: house.url })],
    ['does not sign for the audience of another', () => partner.token({ tenantId: 'globex' })],
    [
      'does not use an algorithm that only others may use',
      () => ps256(unsigned(house.header({ alg: 'PS256' }), house.claims()), house.key.privateKey),
    ],
    [
      'does not use a published key of an algorithm it may not use',
      () => es256(unsigned(house.header({ alg: 'ES256', kid: 'ec' }), house.claims()), curve.privateKey),
    ],
    ['is not believed by the key of another under one id', () => rs256(houseInput(), partner.key.privateKey)],
  ])('%s', async (_title, token) => {
    expect((await call(token())).json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  });

  it('names the tenant under the claims that are configured, and no others', async () => {
    expect((await call(house.token({ tenantId: undefined, tenant_id: 'acme' }))).statusCode).toBe(403);
    expect((await call(house.token({ tenantId: undefined, 'https://tenant.test/name': 'acme' }))).statusCode).toBe(200);
  });

  const houseInput = (): string => unsigned(house.header(), house.claims());
});

describe('a token issued before the cut', () => {
  it.each([
    ['by a second', { iat: now - 61 }],
    ['by a millisecond', { iat: now - 60.001 }],
    ['or at an unknown time', { iat: undefined }],
    ['which says that it begins later', { iat: now - 61, nbf: now }],
  ])('%s is refused', async (_title, claims) => {
    expect((await call(house.token(claims))).json()).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('is one before the very instant', async () => {
    expect((await call(house.token({ iat: now - 60 }))).statusCode).toBe(200);
  });
});

describe('what the service says of its issuers', () => {
  it('tells a client without a token where to get one', async () => {
    const refused = await server.inject({ method: 'GET', url: '/v1/keys', headers: { host: 'api.test' } });
    const [, address = ''] = /resource_metadata="([^"]+)"/.exec(String(refused.headers['www-authenticate'])) ?? [];
    expect(address).toBe('http://api.test/.well-known/oauth-protected-resource');
    const metadata = await server.inject({ method: 'GET', url: new URL(address).pathname });
    expect(metadata.json()).toMatchObject({ authorization_servers: [house.url, partner.url] });
  });

  it('shows their key sets to who may see the status', async () => {
    const status = await server.inject({ method: 'GET', url: '/v1/status', headers: bearer(keys.auditor) });
    expect(status.json()).toMatchObject({
      status: 'ok',
      jwks: [
        { issuer: house.url, available: true, keys: 2, age_seconds: 0 },
        { issuer: partner.url, available: true, keys: 1, age_seconds: 0 },
      ],
    });
  });
});
