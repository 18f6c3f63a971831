import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  type Header,
  headerOf,
  legacyRequest,
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
let legacy: TestApp;
let port = 0;
let legacyPort = 0;
beforeAll(async () => {
  server = await startApp({ env: SIGNING_ENV, clock });
  legacy = await startApp({ env: { ...SIGNING_ENV, HMAC_ALLOW_LEGACY: 'true' }, clock });
  port = Number(new URL(await server.listen()).port);
  legacyPort = Number(new URL(await legacy.listen()).port);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await legacy[Symbol.asyncDispose]();
});

const fresh = (options: Partial<Signing> = {}): WireRequest => signedRequest({ timestamp: clock.now(), ...options });
const set = (name: string, value: string | undefined) => () => withHeader(fresh(), name, value);
const more =
  (...headers: readonly Header[]) =>
  () =>
    withMore(fresh(), ...headers);
/** A header of the request once more, under another name, or with another value. */
const again = (name: string, as: string, value?: string) => () => {
  const request = fresh();
  return withMore(request, [as, value ?? headerOf(request, name)]);
};
const key: Header = ['Authorization', bearer(keys.admin).authorization];

describe('a signed request is refused:', () => {
  it.each<[string, () => WireRequest, string]>([
    ['without its signature', set('-signature', undefined), 'MISSING_SIGNATURE'],
    ['with an empty signature', set('-signature', ''), 'MISSING_SIGNATURE'],
    ['with a signature of blanks', set('-signature', '   '), 'MISSING_SIGNATURE'],
    ['with a signature that is short', set('-signature', 'ab'.repeat(31)), 'INVALID_SIGNATURE'],
    ['with a signature that is long', set('-signature', 'ab'.repeat(33)), 'INVALID_SIGNATURE'],
    ['with a signature of letters', set('-signature', 'zz'.repeat(32)), 'INVALID_SIGNATURE'],
    ['with a signature behind 0x', set('-signature', `0x${'ab'.repeat(31)}`), 'INVALID_SIGNATURE'],
    ['with a list of signatures', set('-signature', `${'ab'.repeat(32)},${'cd'.repeat(32)}`), 'INVALID_SIGNATURE'],
    ['with a signature above ASCII', set('-signature', '\u00e9'.repeat(64)), 'INVALID_SIGNATURE'],
    ['with a signature of 7 KB', set('-signature', 'a'.repeat(7_168)), 'INVALID_SIGNATURE'],
    ['without its timestamp', set('-timestamp', undefined), 'REPLAY_PROTECTION_REQUIRED'],
    ['without its nonce', set('-nonce', undefined), 'REPLAY_PROTECTION_REQUIRED'],
    ['with an empty timestamp', set('-timestamp', ''), 'REPLAY_PROTECTION_REQUIRED'],
    ['with an empty nonce', set('-nonce', ''), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a timestamp that is no number', set('-timestamp', 'NaN'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a timestamp without end', set('-timestamp', 'Infinity'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with an exponent in the timestamp', set('-timestamp', '1e13'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a sign before the timestamp', set('-timestamp', '+1767323045678'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a zero before the timestamp', set('-timestamp', '01767323045678'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a timestamp of 400 digits', set('-timestamp', '9'.repeat(400)), 'REPLAY_PROTECTION_REQUIRED'],
    ['with two timestamps in one', set('-timestamp', '1767323045678, 1'), 'REPLAY_PROTECTION_REQUIRED'],
    ['with a nonce that is no UUID', set('-nonce', 'again'), 'REPLAY_PROTECTION_REQUIRED'],
    [
      'with a UUID of another version',
      set('-nonce', '0199c0de-0000-7000-8000-0123456789ab'),
      'REPLAY_PROTECTION_REQUIRED',
    ],
    ['with a nonce that is a Redis key', set('-nonce', '*}:epoch:once'), 'REPLAY_PROTECTION_REQUIRED'],
    [
      'naming a key nobody made',
      more(['X-Countersign-Key-Id', 'key_0199c0de-0000-7000-8000-0123456789ab']),
      'NO_SECRET',
    ],
    ['naming no key', more(['X-Countersign-Key-Id', '']), 'NO_SECRET'],
    ['naming a key in SQL', more(['X-Countersign-Key-Id', "key_' or '1'='1"]), 'NO_SECRET'],
    ['naming a property every object has', more(['X-Countersign-Key-Id', 'constructor']), 'NO_SECRET'],
    ['naming the key in capitals', more(['X-Countersign-Key-Id', 'KEY_DEFAULT']), 'NO_SECRET'],
    ['naming a key of 7 KB', more(['X-Countersign-Key-Id', 'k'.repeat(7_168)]), 'NO_SECRET'],
    ['with its signature twice', again('-signature', 'X-Countersign-Signature'), 'AMBIGUOUS_CREDENTIALS'],
    [
      'with another signature',
      again('-signature', 'X-Countersign-Signature', 'ab'.repeat(32)),
      'AMBIGUOUS_CREDENTIALS',
    ],
    ['with its timestamp twice', again('-timestamp', 'x-countersign-timestamp'), 'AMBIGUOUS_CREDENTIALS'],
    [
      'with another nonce beside it',
      again('-nonce', 'X-Countersign-Nonce', crypto.randomUUID()),
      'AMBIGUOUS_CREDENTIALS',
    ],
    ['with its signature under both prefixes', again('-signature', 'X-Olumi-Signature'), 'AMBIGUOUS_CREDENTIALS'],
    ['with a nonce under the other prefix', again('-nonce', 'X-Olumi-Nonce'), 'AMBIGUOUS_CREDENTIALS'],
    ['with an API key under the other prefix', more(['X-Olumi-Assist-Key', keys.admin]), 'AMBIGUOUS_CREDENTIALS'],
    ['with an RFC 9421 signature beside it', more(['Signature', 'sig1=:AA==:']), 'AMBIGUOUS_CREDENTIALS'],
    ['with an RFC 9421 input beside it', more(['Signature-Input', 'sig1=()']), 'AMBIGUOUS_CREDENTIALS'],
    ['under a prefix nobody configured', () => fresh({ prefix: 'X-Evil' }), 'UNAUTHENTICATED'],
    ['with underscores for hyphens', () => fresh({ prefix: 'X_Countersign' }), 'UNAUTHENTICATED'],
  ])('%s', async (_title, request, code) => {
    const answer = await send(port, request());
    expect([answer.status, answer.code]).toEqual([401, code]);
    expect(answer.headers).toMatchObject({
      'www-authenticate': expect.any(String),
      'x-request-id': expect.any(String),
    });
    expect(answer.headers).not.toHaveProperty('deprecation');
  });

  it.each<[string, () => WireRequest]>([
    ['a wrong signature', set('-signature', 'ab'.repeat(32))],
    ['half a proof', set('-nonce', undefined)],
    ['an unknown key', more(['X-Countersign-Key-Id', 'nobody'])],
  ])('although a good key is beside %s', async (_title, request) => {
    expect((await send(port, withMore(request(), key))).status).toBe(401);
  });

  it('by a service that has no secret', async () => {
    await using bare = await startApp({ clock });
    const answer = await send(Number(new URL(await bare.listen()).port), fresh());
    expect([answer.status, answer.code]).toEqual([401, 'NO_SECRET']);
  });

  it('in words that say nothing about the part that was wrong', async () => {
    const requests = [set('-signature', 'ab'.repeat(32)), set('-timestamp', '1'), () => ({ ...fresh(), body: '{}' })];
    const answers = await Promise.all(requests.map((request) => send(port, request())));
    const details = answers.map(({ body }) => /"detail":"([^"]*)"/.exec(body)?.[1]);
    expect(details).toEqual(Array.from({ length: 3 }, () => 'The signature does not match'));
    expect(server.logged().at(-1)).toMatchObject({ credential_fault: 'signature_mismatch' });
  });

  it('and its signature is found in no log line', async () => {
    const request = fresh();
    await send(port, withHeader(request, '-timestamp', '1'));
    expect(JSON.stringify(server.logged())).not.toContain(headerOf(request, '-signature'));
  });
});

describe('the order of the checks:', () => {
  const late = (): WireRequest => fresh({ timestamp: clock.now() - 300_001 });

  it.each<[string, () => WireRequest, string]>([
    [
      'malformed headers come before an unknown key',
      () => withHeader(fresh({ keyId: 'nobody' }), '-nonce', 'x'),
      'REPLAY_PROTECTION_REQUIRED',
    ],
    [
      'an unknown key comes before a wrong signature',
      () => withHeader(fresh({ keyId: 'nobody' }), '-signature', 'ab'.repeat(32)),
      'NO_SECRET',
    ],
    [
      'a wrong signature comes before a late timestamp',
      () => withHeader(late(), '-signature', 'ab'.repeat(32)),
      'INVALID_SIGNATURE',
    ],
    ['a late timestamp comes last but the nonce', late, 'SIGNATURE_SKEW'],
  ])('%s', async (_title, request, code) => {
    expect((await send(port, request())).code).toBe(code);
  });

  it('a late timestamp does not use up the nonce', async () => {
    const nonce = crypto.randomUUID();
    expect((await send(port, fresh({ nonce, timestamp: clock.now() - 300_001 }))).code).toBe('SIGNATURE_SKEW');
    expect((await send(port, fresh({ nonce }))).status).toBe(201);
  });
});

describe('a signature without timestamp and nonce', () => {
  it('is refused, although it is right', async () => {
    expect((await send(port, legacyRequest({}))).code).toBe('REPLAY_PROTECTION_REQUIRED');
  });

  it('is accepted where the switch is on, and called out of date', async () => {
    const answer = await send(legacyPort, legacyRequest({}));
    expect([answer.status, answer.headers['deprecation']]).toEqual([201, 'true']);
  });

  it('is called out of date in a refusal for another reason too', async () => {
    const answer = await send(legacyPort, legacyRequest({ body: '{}' }));
    expect([answer.status, answer.headers['deprecation']]).toEqual([400, 'true']);
  });

  it.each<[string, (request: WireRequest) => WireRequest, string]>([
    ['with another body', (request) => ({ ...request, body: '{}' }), 'INVALID_SIGNATURE'],
    ['with another query', (request) => ({ ...request, target: '/v1/keys?x' }), 'INVALID_SIGNATURE'],
    ['with a key nobody made', (request) => withMore(request, ['X-Countersign-Key-Id', 'nobody']), 'NO_SECRET'],
    ['with a malformed signature', (request) => withHeader(request, '-signature', 'ab'), 'INVALID_SIGNATURE'],
    [
      'with a timestamp put beside it',
      (request) => withMore(request, ['X-Countersign-Timestamp', '1']),
      'REPLAY_PROTECTION_REQUIRED',
    ],
    [
      'with a nonce put beside it',
      (request) => withMore(request, ['X-Countersign-Nonce', crypto.randomUUID()]),
      'REPLAY_PROTECTION_REQUIRED',
    ],
    [
      'with a whole stamp put beside it',
      (request) =>
        withMore(
          request,
          ['X-Countersign-Nonce', crypto.randomUUID()],
          ['X-Countersign-Timestamp', String(clock.now())],
        ),
      'INVALID_SIGNATURE',
    ],
  ])('is refused %s, even where the switch is on', async (_title, change, code) => {
    const answer = await send(legacyPort, change(legacyRequest({})));
    expect([answer.status, answer.code]).toEqual([401, code]);
  });

  it.each([['-timestamp'], ['-nonce']])('cannot be made of a modern one by taking away its %s', async (part) => {
    expect((await send(legacyPort, withHeader(fresh(), part, undefined))).code).toBe('REPLAY_PROTECTION_REQUIRED');
  });

  it('cannot be made of a modern one by taking away both', async () => {
    const stripped = withHeader(withHeader(fresh(), '-timestamp', undefined), '-nonce', undefined);
    expect((await send(legacyPort, stripped)).code).toBe('INVALID_SIGNATURE');
  });

  it('leaves modern ones as they are: no call for change, no second use', async () => {
    const request = fresh();
    const answer = await send(legacyPort, request);
    expect([answer.status, answer.headers['deprecation']]).toEqual([201, undefined]);
    expect((await send(legacyPort, request)).code).toBe('REPLAY_BLOCKED');
  });
});
