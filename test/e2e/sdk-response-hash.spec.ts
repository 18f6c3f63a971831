import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClientOptions, Countersign } from '#libs/sdk/index.js';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectResponseHash } from '../support/edge-headers.ts';
import { runsOf } from '../support/repeats.ts';
import { type PassingAnswer, type Tampering, TamperingProxy } from '../support/tampering-proxy.ts';

const HASH = 'x-countersign-response-hash';
const request = { brief: 'Should the town orchestra rehearse in the old mill, or in the school hall as before?' };

const alter =
  (change: (text: string) => string): Tampering =>
  (answer) => ({
    ...answer,
    body: Buffer.from(change(answer.body.toString())),
  });
const altered = alter((text) => text.replace(/"name":"(.)/, '"name":"z'));
const unchanged: Tampering = (answer) => answer;
const stripped: Tampering = (answer) => withHeader(answer, HASH, undefined);
const compressed: Tampering = (answer) => ({
  ...withHeader(answer, 'content-encoding', 'gzip'),
  body: gzipSync(answer.body),
});

function withHeader(answer: PassingAnswer, name: string, value: string | undefined): PassingAnswer {
  const headers = new Headers(answer.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return { ...answer, headers };
}

let server: TestApp;
let proxy: TamperingProxy;
const clientOf = (options: Partial<ClientOptions> = {}): Countersign =>
  new Countersign({ baseURL: proxy.url, apiKey: keys.admin, ...options });
const damaged = { code: 'RESPONSE_HASH_MISMATCH', name: 'ResponseHashError' };

beforeAll(async () => {
  server = await startApp({});
  proxy = await TamperingProxy.start(await server.listen());
  await clientOf().keys.create({ name: 'answers are about this one', kind: 'api', roles: ['user'] });
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  proxy.tampering = [unchanged];
  proxy.requests.length = 0;
});

describe('an answer that passes a proxy', () => {
  it.each<readonly [string, Tampering]>([
    ['one altered byte', altered],
    ['a space put in, which JSON does not mind', alter((text) => text.replace('{', '{ '))],
    ['its end cut off, and a length that fits', alter((text) => text.slice(0, -1))],
    ['its body taken away', alter(() => '')],
    ['the hash of another answer', (answer) => withHeader(answer, HASH, '00'.repeat(32))],
  ])('with %s is refused', async (_title, tampering) => {
    proxy.tampering = [tampering];
    await expect(clientOf().keys.list()).rejects.toMatchObject(damaged);
    expect(proxy.requests).toEqual(['GET /v1/keys', 'GET /v1/keys']);
  });

  it('without its hash is handed on, unless the hash is required', async () => {
    proxy.tampering = [stripped];
    expect((await clientOf().keys.list()).data).toHaveLength(1);
    const strict = clientOf({ verifyResponses: 'required' }).keys.list();
    await expect(strict).rejects.toMatchObject({ code: 'RESPONSE_HASH_MISSING' });
  });

  it('compressed on its way is the one that was sent', async () => {
    proxy.tampering = [compressed];
    expect((await clientOf({ verifyResponses: 'required' }).keys.list()).data).toHaveLength(1);
  });

  it('that refuses is not believed when its reason was altered', async () => {
    proxy.tampering = [alter((text) => text.replace('No such key', 'No such one'))];
    const revoke = clientOf().keys.revoke('key_0199c0de-0000-7000-8000-0123456789ab');
    await expect(revoke).rejects.toMatchObject({ ...damaged, status: 404 });
  });

  it('damaged once arrives the second time, and the draft it holds was drafted once', async () => {
    proxy.tampering = [alter((text) => text.replace('"run_id":"run_', '"run_id":"rum_')), unchanged];
    const before = await runsOf(server);
    const draft = await clientOf().drafts.create(request);
    expect(draft.run_id).toMatch(/^run_/);
    expect(await runsOf(server)).toBe(before + 1);
    expect([proxy.requests.length, new Set(proxy.requests).size]).toEqual([2, 1]);
  });

  it('that is a stream has its receipt instead', async () => {
    const client = clientOf({ verifyResponses: 'required' });
    await expect(client.drafts.stream(request).finalDraft()).resolves.toMatchObject({ schema: 'draft-graph.v1' });
  });
});

describe('a service with another header prefix', () => {
  it('is understood by a client that knows it, and only by that one', async () => {
    await using other = await startApp({ env: { HTTP_HEADER_PREFIXES: 'X-Olumi,X-Countersign' } });
    await using way = await TamperingProxy.start(await other.listen());
    const client = (headerPrefix: string) =>
      new Countersign({ baseURL: way.url, apiKey: keys.admin, headerPrefix, verifyResponses: 'required' });
    expect((await client('X-Olumi').keys.list()).data).toEqual([]);
    await expect(client('X-Countersign').keys.list()).rejects.toMatchObject({ code: 'RESPONSE_HASH_MISSING' });
    way.tampering = [alter((text) => `${text} `)];
    await expect(client('X-Olumi').keys.list()).rejects.toMatchObject(damaged);
  });
});

describe('the hash the service sends', () => {
  it.each([
    ['a list', 'GET', '/v1/keys', 200],
    ['a refusal', 'GET', '/v1/streams/strm_none/events', 404],
    ['an unknown path', 'GET', '/nowhere', 404],
    ['a wrong method', 'PATCH', '/v1/keys', 405],
    ['the published keys', 'GET', '/.well-known/countersign-keys.json', 200],
    ['its own document', 'GET', '/documentation/json', 200],
    ['a probe', 'GET', '/readyz', 200],
  ] as const)('is that of its bytes: %s', async (_title, method, url, status) => {
    const answer = await server.inject({ method, url, headers: bearer(keys.admin) });
    expect(answer.statusCode).toBe(status);
    expectResponseHash(answer.headers, answer.rawPayload);
  });

  it('is in the answer to HEAD the one of the body that GET would get', async () => {
    const url = `${proxy.url}/.well-known/countersign-keys.json`;
    const [head, get] = await Promise.all([fetch(url, { method: 'HEAD' }), fetch(url)]);
    expect(head.headers.get(HASH)).toBe(get.headers.get(HASH));
    expectResponseHash({ [HASH]: head.headers.get(HASH) }, Buffer.from(await get.arrayBuffer()));
  });
});
