import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { IdentityProvider } from '../support/identity-provider.ts';

const rsa = (kid: string) => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
});
const ec = (kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
});
const [first, second, third] = [rsa('first'), rsa('second'), rsa('third')];
const curve = ec('curve');

let provider: IdentityProvider;
let server: TestApp;

beforeAll(async () => {
  provider = await IdentityProvider.open([first, curve]);
  const jwksUri = String((await provider.discovery())['jwks_uri']);
  server = await startApp({
    env: { JWT_ISSUER: provider.issuer, JWT_AUDIENCE: 'https://api.test', JWT_JWKS_URI: jwksUri },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await provider.close();
});

const token = (form = 'RS256', scope = 'user admin') => provider.accessToken(`https://api.test/${form}`, scope);
const call = (text: string) => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(text) });
const statusOf = async (text: string): Promise<number> => (await call(text)).statusCode;

describe('with the tokens of a real identity provider', () => {
  it.each(['RS256', 'PS256', 'ES256'])('a service calls, authenticated by %s', async (form) => {
    expect(await statusOf(await token(form))).toBe(200);
    expect(server.logged().at(-1)).toMatchObject({
      tenant_id: 'acme',
      principal_id: `${provider.issuer}#reporting-service`,
      auth_method: 'jwt',
    });
  });

  it('a service may do what the scope of its token names as roles', async () => {
    expect((await call(await token('RS256', 'user'))).json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([
    ['for another service', 'other', 'TOKEN_INVALID'],
    ['that is opaque', 'opaque', 'INVALID_API_KEY'],
  ])('a token %s is refused', async (_title, form, code) => {
    expect((await call(await token(form))).json()).toMatchObject({ status: 401, code });
  });

  it('a client finds the provider by the challenge alone', async () => {
    const refused = await server.inject({ method: 'GET', url: '/v1/keys' });
    const [, address = ''] = /resource_metadata="([^"]+)"/.exec(String(refused.headers['www-authenticate'])) ?? [];
    const metadata = await server.inject({ method: 'GET', url: new URL(address).pathname });
    const [found] = metadata.json<{ authorization_servers: string[] }>().authorization_servers;
    expect(found).toBe((await provider.discovery())['issuer']);
  });

  it('keys rotate without a refused token, and a key that is gone takes its tokens along', async () => {
    const old = await token();
    provider.rotate([second, first, curve]);
    const fresh = await token();
    expect([await statusOf(fresh), await statusOf(old)]).toEqual([200, 200]);
    provider.rotate([third, second, curve]);
    expect(await statusOf(await token())).toBe(200);
    expect([await statusOf(fresh), await statusOf(old)]).toEqual([200, 401]);
  });
});
