import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { rsaKey } from '../support/forged-token.ts';
import { TestIssuer } from '../support/test-issuer.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 3_000;
const RETRY_MS = 2_000;
const REFRESH_MS = 300_000;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
const clock = new FakeClock();
const key = rsaKey({ kid: 'first' });
/** Ends itself with the connection. */
const endless = (response: ServerResponse): void => {
  response.write('{"keys":[],"more":"');
  const more = (): void => {
    while (!response.destroyed && response.write('a'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

/** Ways of an issuer to be away; each gets an issuer of its own. */
const faults: readonly (readonly [string, (response: ServerResponse, elsewhere: string) => void])[] = [
  ['cuts the connection', (response) => response.destroy()],
  ['fails', (response) => response.writeHead(500).end('{"keys":[]}')],
  ['answers 404 with a key set', (response) => response.writeHead(404).end(JSON.stringify({ keys: [key.jwk] }))],
  ['answers with a page', (response) => response.setHeader('content-type', 'text/html').end('<html>Moved</html>')],
  ['answers with half of its keys', (response) => response.end(JSON.stringify({ keys: [key.jwk] }).slice(0, -5))],
  ['answers with nothing', (response) => response.end()],
  ['answers with a list', (response) => response.end(JSON.stringify([key.jwk]))],
  ['answers with another object', (response) => response.end('{"error":"maintenance"}')],
  ['names its keys twice', (response) => response.end(`{"keys":[],"keys":[${JSON.stringify(key.jwk)}]}`)],
  ['answers with 101 keys', (response) => response.end(JSON.stringify({ keys: Array(101).fill(key.jwk) }))],
  ['answers with 10 MB', (response) => response.end(`{"keys":[${JSON.stringify(key.jwk)}]${' '.repeat(10_485_760)}}`)],
  ['answers without an end', endless],
  ['answers from another place', (response, elsewhere) => response.writeHead(302, { location: elsewhere }).end()],
  ['answers from another place for good', (response, place) => response.writeHead(308, { location: place }).end()],
];

let server: TestApp;
let thief: TestIssuer;
let silent: TestIssuer;
let steady: TestIssuer;
const away: TestIssuer[] = [];

beforeAll(async () => {
  thief = await TestIssuer.open(clock, key);
  silent = await TestIssuer.open(clock, key);
  steady = await TestIssuer.open(clock, key);
  silent.respond = () => undefined;
  for (const [, fault] of faults) {
    const issuer = await TestIssuer.open(clock, key);
    issuer.respond = (response) => void fault(response, thief.jwksUri);
    away.push(issuer);
  }
  const entries = [...away, silent, steady].map(({ entry }) => entry);
  server = await startApp({ clock, env: { JWT_ISSUERS: JSON.stringify(entries) } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([...away, silent, steady, thief].map((issuer) => issuer.close()));
});

const call = (token: string) => server.inject({ method: 'GET', url: '/v1/keys', headers: bearer(token) });
const stateOf = async ({ url }: TestIssuer) => {
  const status = await server.inject({ method: 'GET', url: '/v1/status', headers: bearer(keys.auditor) });
  const { jwks, degraded } = status.json<{
    degraded: string[];
    jwks: { issuer: string; available: boolean; age_seconds: number | null }[];
  }>();
  return { degraded, ...jwks.find(({ issuer }) => issuer === url) };
};

describe('an issuer that never showed its keys', () => {
  it.each(faults.map(([title], index) => [title, index] as const))(
    'and %s: its tokens are neither believed nor called wrong',
    async (_title, index) => {
      const issuer = away[index] as TestIssuer;
      const response = await call(issuer.token());
      expect(response.json()).toMatchObject({ status: 503, code: 'DEPENDENCY_UNAVAILABLE', retry_after_seconds: 2 });
      expect(response.headers['www-authenticate']).toBeUndefined();
      expect((await stateOf(issuer)).available).toBe(false);
    },
  );

  it('keeps the first callers waiting for three seconds when it is silent, and nobody after them', async () => {
    const first = call(silent.token());
    await until('the keys are asked for', () => silent.requests.length > 0);
    await clock.advance(TIMEOUT_MS);
    expect((await first).statusCode).toBe(503);
    expect((await call(silent.token({ sub: 'bob' }))).statusCode).toBe(503);
  });

  it('leaves the tokens of other issuers, and keys, as they are', async () => {
    expect((await call(steady.token())).statusCode).toBe(200);
    expect((await call(keys.admin)).statusCode).toBe(200);
  });

  it('leaves the service ready, which says that it is degraded', async () => {
    const ready = await server.inject({ method: 'GET', url: '/readyz' });
    expect(ready.statusCode).toBe(200);
    expect(ready.headers['x-countersign-degraded']).toBe('jwks');
    expect((await stateOf(steady)).degraded).toEqual(['jwks']);
  });

  it('makes the service ask nobody else', () => {
    expect(thief.requests).toEqual([]);
  });

  it('is asked every two seconds, however many tokens come', async () => {
    const [issuer] = away as [TestIssuer];
    await until('no fetch is under way', async () => (await stateOf(issuer)).available === false);
    const before = issuer.requests.length;
    for (let number = 0; number < 50; number += 1) await call(issuer.token({ sub: `user ${number}` }));
    expect(issuer.requests.length).toBe(before);
    await clock.advance(RETRY_MS);
    await until('it is asked again', () => issuer.requests.length === before + 1);
  });

  it('is believed as soon as it answers, without a restart', async () => {
    for (const issuer of [...away, silent]) issuer.respond = (response) => issuer.publish(response);
    for (const issuer of [...away, silent]) {
      await until('it answers', async () => {
        await clock.advance(RETRY_MS);
        return (await stateOf(issuer)).available === true;
      });
      expect((await call(issuer.token())).statusCode).toBe(200);
    }
    const ready = await server.inject({ method: 'GET', url: '/readyz' });
    expect(ready.headers['x-countersign-degraded']).toBeUndefined();
  });
});

describe('an issuer that showed its keys and went away', () => {
  let known: string;

  beforeEach(async () => {
    steady.respond = (response) => steady.publish(response);
    await clock.leap(REFRESH_MS);
    await until('it answers', async () => (await stateOf(steady)).available === true);
    known = steady.token({ exp: Math.floor(clock.now() / 1_000) + 86_400 });
    expect((await call(known)).statusCode).toBe(200);
    steady.respond = (response) => void response.destroy();
    await clock.leap(REFRESH_MS);
    await until('it is away', async () => (await stateOf(steady)).available === false);
  });

  it('is believed by its last keys, tokens seen before and new ones', async () => {
    expect((await call(known)).statusCode).toBe(200);
    const response = await call(steady.token({ sub: 'bob' }));
    expect(response.statusCode).toBe(200);
    expect(response.headers['x-countersign-degraded']).toBe('jwks');
  });

  it('is not called wrong for a key that cannot be looked up', async () => {
    const response = await call(steady.token({}, { kid: 'new' }));
    expect(response.json()).toMatchObject({ status: 503, code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('is still not believed when it did not sign', async () => {
    const [header, claims] = steady.token().split('.');
    expect((await call(`${header}.${claims}.${steady.token({ sub: 'bob' }).split('.')[2]}`)).statusCode).toBe(401);
  });

  it('is not believed longer than an hour, not even for a token seen before', async () => {
    const { age_seconds } = await stateOf(steady);
    await clock.leap(HOUR_MS - Number(age_seconds) * SECOND_MS - SECOND_MS);
    expect((await call(known)).statusCode).toBe(200);
    await clock.advance(2 * SECOND_MS);
    expect((await call(known)).json()).toMatchObject({ status: 503, code: 'DEPENDENCY_UNAVAILABLE' });
    expect((await server.inject({ method: 'GET', url: '/readyz' })).statusCode).toBe(200);
  });
});
