import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { judge } from '../support/answer-judge.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { brokenJson, draftRequest, edited, edits, hostileValue, mutatedDraft } from '../support/fuzz-drafts.ts';
import { headers, type Known, keyBody, METHODS, resumeHeaders, rotateBody, target } from '../support/fuzz-requests.ts';
import { speak } from '../support/raw-http.ts';
import { readStream, tokenOf } from '../support/stream-client.ts';

const LONGEST_MS = 2_000;
const BRIEF = 'Should the ferry line order two electric boats, or refit the old ones first? Refitting is cheaper.';
const json = { ...bearer(keys.user), 'content-type': 'application/json' };

let server: TestApp;
let port = 0;
let known: Known;
let cases = 0;
const statuses = new Map<number, number>();

/** Sends, waits no longer than anybody should have to, and judges the answer. */
async function probe(request: InjectOptions): Promise<number> {
  const hung = Promise.withResolvers<never>();
  const timer = setTimeout(() => hung.reject(new Error(`No answer within ${LONGEST_MS} ms`)), LONGEST_MS);
  try {
    const response = await Promise.race([server.inject(request), hung.promise]);
    const { statusCode: status, body } = response;
    const path = String(request.url).split('?')[0] ?? '';
    judge({ method: request.method ?? 'GET', status, headers: response.headers, body }, path);
    cases += 1;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    return status;
  } finally {
    clearTimeout(timer);
  }
}

async function always<T>(
  arbitrary: fc.Arbitrary<T>,
  numRuns: number,
  send: (value: T) => Promise<unknown>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => void (await send(value))),
    { numRuns },
  );
}

const memory = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

beforeAll(async () => {
  server = await startApp({ env: { RATE_LIMIT_RPM: '1000000', SSE_RATE_LIMIT_RPM: '1000000', LOG_LEVEL: 'error' } });
  const url = await server.listen();
  port = Number(new URL(url).port);
  const init = { method: 'POST', headers: json, body: JSON.stringify({ brief: BRIEF }) };
  const { streamId, events } = await readStream(`${url}/assist/draft-graph/stream`, init);
  const admin = bearer(keys.admin);
  const payload = { name: 'fuzzed', kind: 'api', roles: ['user'] };
  await server.inject({ method: 'POST', url: '/v1/keys', headers: admin, payload });
  await server.inject({ method: 'POST', url: '/v1/keys', headers: admin, payload });
  const page = (await server.inject({ url: '/v1/keys?limit=1', headers: admin })).json();
  known = { token: tokenOf(events) ?? '', streamId, keyId: page.data[0].id, cursor: page.next_cursor };
});
afterAll(() => server[Symbol.asyncDispose]());

describe('whatever is sent', () => {
  let before = 0;
  beforeAll(() => {
    before = memory();
  });

  const post = (url: string, payload: string, more: Record<string, string> = {}) =>
    probe({ method: 'POST', url, headers: { ...json, ...more }, payload });

  it('a draft request with members changed is answered', () =>
    always(mutatedDraft, 1_600, (body) => post('/assist/draft-graph', JSON.stringify(body) ?? '')));

  it('a draft request that is hardly JSON is answered', () =>
    always(brokenJson, 1_200, (text) => post('/assist/draft-graph', text)));

  it('a draft as a stream is answered', () =>
    always(fc.oneof(draftRequest, mutatedDraft), 150, (body) =>
      post('/assist/draft-graph/stream', JSON.stringify(body) ?? ''),
    ));

  it('any headers are answered', () =>
    always(
      fc.tuple(
        fc.constantFrom('/assist/draft-graph', '/assist/draft-graph/stream', '/v1/keys', '/nowhere'),
        headers(known),
      ),
      600,
      ([url, sent]) => probe({ method: 'POST', url, headers: sent, payload: JSON.stringify({ brief: BRIEF }) }),
    ));

  it('any resume is answered', () =>
    always(resumeHeaders(known), 600, (sent) =>
      probe({ method: 'POST', url: '/assist/draft-graph/resume', headers: sent }),
    ));

  it('any target, method and headers are answered', () =>
    always(fc.tuple(fc.constantFrom(...METHODS), target(known), headers(known)), 1_000, ([method, url, sent]) =>
      probe({ method, url, headers: { ...bearer(keys.admin), ...sent } } as InjectOptions),
    ));

  it('any body for a key is answered', () =>
    always(keyBody(hostileValue), 400, (body) =>
      probe({ method: 'POST', url: '/v1/keys', headers: bearer(keys.admin), payload: body }),
    ));

  it('an instant that is in the year 10000 in UTC is answered', () =>
    probe({
      method: 'POST',
      url: '/v1/keys',
      headers: bearer(keys.admin),
      payload: { name: 'late', kind: 'api', roles: ['user'], expires_at: '9999-12-31T23:59:59-23:59' },
    }));

  it('any rotation is answered', () =>
    always(rotateBody(hostileValue), 150, (body) =>
      probe({ method: 'POST', url: `/v1/keys/${known.keyId}/rotate`, headers: bearer(keys.admin), payload: body }),
    ));

  it('bytes on a socket are answered, and the connection is closed', async () => {
    const body = JSON.stringify({ brief: BRIEF });
    const whole = [
      'POST /assist/draft-graph?a=b HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${keys.user}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n');
    await always(edits, 200, async (changes) => {
      const answer = await speak(port, edited(whole, changes), LONGEST_MS);
      expect([answer.closed, answer.text.slice(0, 9)]).toEqual([true, 'HTTP/1.1 ']);
      judge({ method: 'POST', ...answer }, '');
      cases += 1;
    });
  });

  it('five thousand times and more, with answers of many kinds', () => {
    expect(cases).toBeGreaterThanOrEqual(5_000);
    expect([200, 201, 400, 401, 403, 404, 405, 415].filter((status) => !statuses.has(status))).toEqual([]);
  });

  it('and nothing of it stays', () => {
    expect(memory() - before).toBeLessThan(256 * 1_048_576);
  });
});
