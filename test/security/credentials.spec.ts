import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IssuedKey } from '../../src/auth/keys.schema.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';

type Headers = Readonly<Record<string, string | string[]>>;

const clock = new FakeClock();
let server: TestApp;
let issued: IssuedKey;

beforeAll(async () => {
  server = await startApp({ clock });
  issued = await newKey();
});
afterAll(async () => server[Symbol.asyncDispose]());

const newKey = async (): Promise<IssuedKey> => {
  const payload = { name: 'victim', kind: 'api', roles: ['admin'] };
  const response = await server.inject({ method: 'POST', url: '/v1/keys', headers: bearer(keys.admin), payload });
  return response.json<IssuedKey>();
};
const call = (headers: Headers) => server.inject({ method: 'GET', url: '/v1/keys', headers });
const flipped = (key: string, at: number): string => {
  const index = at < 0 ? key.length + at : at;
  return key.slice(0, index) + (key[index] === 'A' ? 'B' : 'A') + key.slice(index + 1);
};

describe('a credential is accepted', () => {
  it.each<[string, () => Headers]>([
    ['as a bearer', () => bearer(issued.secret)],
    ['with the scheme in capitals', () => ({ authorization: `BEARER ${issued.secret}` })],
    ['in X-Api-Key', () => ({ 'x-api-key': issued.secret })],
    ['in a header name of mixed case', () => ({ 'X-aPi-KeY': issued.secret })],
    ['in the alias of the first prefix', () => ({ 'X-Countersign-Assist-Key': issued.secret })],
    ['in the alias of the second prefix', () => ({ 'X-Olumi-Assist-Key': issued.secret })],
    ['in two headers that agree', () => ({ ...bearer(issued.secret), 'x-api-key': issued.secret })],
    ['twice in one header', () => ({ 'x-api-key': [issued.secret, issued.secret] })],
    ['with white space around it', () => ({ 'x-api-key': ` ${issued.secret}\t` })],
    ['as a bootstrap key', () => ({ 'x-api-key': keys.admin })],
  ])('%s', async (_title, headers) => {
    expect((await call(headers())).statusCode).toBe(200);
  });
});

describe('a credential is refused', () => {
  it.each<[string, () => Headers, string]>([
    ['when there is none', () => ({}), 'UNAUTHENTICATED'],
    ['as Basic', () => ({ authorization: `Basic ${btoa(`key:${issued.secret}`)}` }), 'UNAUTHENTICATED'],
    ['without a scheme', () => ({ authorization: issued.secret }), 'UNAUTHENTICATED'],
    ['in a cookie', () => ({ cookie: `x-api-key=${issued.secret}` }), 'UNAUTHENTICATED'],
    ['under a prefix that is not configured', () => ({ 'X-Evil-Assist-Key': issued.secret }), 'UNAUTHENTICATED'],
    ['under underscores', () => ({ x_api_key: issued.secret }), 'UNAUTHENTICATED'],
    ['truncated by one character', () => bearer(issued.secret.slice(0, -1)), 'INVALID_API_KEY'],
    ['without its secret', () => bearer(issued.prefix), 'INVALID_API_KEY'],
    ['with an empty secret', () => bearer(`${issued.prefix}_`), 'INVALID_API_KEY'],
    ['with one wrong character', () => bearer(flipped(issued.secret, -5)), 'INVALID_API_KEY'],
    ['with one character more', () => bearer(`${issued.secret}A`), 'INVALID_API_KEY'],
    ['with the id of another key', () => bearer(flipped(issued.secret, 20)), 'INVALID_API_KEY'],
    ['with its id instead', () => bearer(issued.id), 'INVALID_API_KEY'],
    ['in capitals', () => bearer(issued.secret.toUpperCase()), 'INVALID_API_KEY'],
    [
      'with an id that is SQL',
      () => bearer(`cs_${"' or 1=1 --".padEnd(32, '0')}_${'A'.repeat(43)}`),
      'INVALID_API_KEY',
    ],
    ['as a part of a bootstrap key', () => bearer(keys.admin.slice(0, -1)), 'INVALID_API_KEY'],
    ['as a bootstrap key with tenant and roles', () => bearer(`${keys.user}@acme:admin`), 'INVALID_API_KEY'],
    ['with letters outside ASCII', () => ({ 'x-api-key': `${issued.secret}é` }), 'INVALID_API_KEY'],
    ['at 10 KB', () => bearer('k'.repeat(10_240)), 'INVALID_API_KEY'],
    ['at 100 KB', () => bearer('k'.repeat(102_400)), 'INVALID_API_KEY'],
    [
      'as a token while no issuer is configured',
      () => bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'),
      'TOKEN_INVALID',
    ],
    ['as a token of 100 KB', () => bearer(`a.${'b'.repeat(102_400)}.c`), 'TOKEN_INVALID'],
    [
      'beside a second bearer',
      () => ({ authorization: [`Bearer ${issued.secret}`, `Bearer ${keys.admin}`] }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    ['beside another key', () => ({ ...bearer(issued.secret), 'x-api-key': keys.admin }), 'AMBIGUOUS_CREDENTIALS'],
    ['beside an unknown key', () => ({ ...bearer(issued.secret), 'x-api-key': 'nonsense' }), 'AMBIGUOUS_CREDENTIALS'],
    [
      'twice and different in one header',
      () => ({ 'x-api-key': [issued.secret, keys.admin] }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'under two prefixes',
      () => ({ 'X-Countersign-Assist-Key': issued.secret, 'X-Olumi-Assist-Key': issued.secret }),
      'AMBIGUOUS_CREDENTIALS',
    ],
    [
      'beside half a signature',
      () => ({ ...bearer(issued.secret), 'X-Olumi-Signature': 'ab' }),
      'REPLAY_PROTECTION_REQUIRED',
    ],
    ['beside an empty signature', () => ({ ...bearer(issued.secret), 'X-Olumi-Signature': '' }), 'MISSING_SIGNATURE'],
    [
      'beside an RFC 9421 signature',
      () => ({ ...bearer(issued.secret), signature: 'sig1=:AA==:' }),
      'MISSING_SIGNATURE',
    ],
    ['as a nonce alone', () => ({ 'X-Countersign-Nonce': 'n' }), 'MISSING_SIGNATURE'],
  ])('%s', async (_title, headers, code) => {
    const response = await call(headers());
    expect(response.json()).toMatchObject({ status: 401, code });
    expect(String(response.headers['www-authenticate'])).toMatch(/^Bearer resource_metadata="/);
    expect(response.body).not.toContain(issued.secret);
  });
});

describe('a refusal', () => {
  it('does not tell an unknown key from a wrong secret, a revoked or an expired key', async () => {
    const revoked = await newKey();
    await server.inject({ method: 'DELETE', url: `/v1/keys/${revoked.id}`, headers: bearer(keys.admin) });
    const details = await Promise.all(
      [flipped(issued.secret, 20), flipped(issued.secret, -5), revoked.secret].map(async (key) => {
        const { request_id, trace_id, ...said } = (await call(bearer(key))).json<Record<string, unknown>>();
        return said;
      }),
    );
    expect(new Set(details.map((said) => JSON.stringify(said))).size).toBe(1);
  });

  it('is explained in the log, which shows no part of the secret', async () => {
    await call(bearer(flipped(issued.secret, -5)));
    const lines = server.logged();
    expect(lines.at(-1)).toMatchObject({ credential_fault: 'wrong_secret' });
    expect(JSON.stringify(lines)).not.toContain(issued.secret.slice(-43, -6));
    expect(JSON.stringify(lines)).not.toContain(keys.admin);
  });

  it('comes after any number of guesses without locking the owner out', async () => {
    for (let guess = 0; guess < 50; guess += 1) await call(bearer(flipped(issued.secret, -1 - (guess % 40))));
    expect((await call(bearer(issued.secret))).statusCode).toBe(200);
  });
});

describe('on a real socket', () => {
  const exchange = async (lines: readonly string[]): Promise<string> => {
    const { port } = new URL(await address);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1');
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
      socket.write(
        `GET /v1/keys HTTP/1.1\r\nHost: test\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n`,
        'latin1',
      );
    });
  };
  let address: Promise<string>;
  beforeAll(() => {
    address = server.listen();
  });

  it('a second Authorization header is seen, although Node hides it', async () => {
    const answer = await exchange([`Authorization: Bearer ${keys.admin}`, `Authorization: Bearer ${keys.foreign}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('AMBIGUOUS_CREDENTIALS');
  });

  it('a key in raw bytes above ASCII is refused', async () => {
    expect(await exchange(['X-Api-Key: \xff\xfe\xfd'])).toContain('INVALID_API_KEY');
  });

  it('a folded header does not smuggle a key', async () => {
    expect(await exchange(['X-Note: a', ` X-Api-Key: ${keys.admin}`])).not.toMatch(/^HTTP\/1\.1 200 /);
  });

  it('100 KB of header is refused and the next caller served', async () => {
    expect(await exchange([`X-Api-Key: ${'k'.repeat(102_400)}`])).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await exchange([`X-Api-Key: ${keys.admin}`])).toMatch(/^HTTP\/1\.1 200 /);
  });
});
