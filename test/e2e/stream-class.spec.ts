import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { DRAFT, eventsOf } from '../support/drafts.ts';
import { expectProblem } from '../support/edge-headers.ts';

const MODEL = 'countersign-embedded-1';
/** As many streams as the setting up and each way once. */
const PLANS_FILE = join(import.meta.dirname, '../support/few-streams.yaml');
const CHAT = { model: MODEL, messages: [{ role: 'user', content: 'The kettle is old. What is old?' }] };
const RESPONSE = { model: MODEL, input: 'The kettle is old. What is old?' };

interface Way {
  readonly operation: string;
  readonly url: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Operations that the document says can answer with an event stream. */
function publishedStreams(): readonly string[] {
  const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses?: object }>>>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { responses = {} }]) => JSON.stringify(responses).includes('text/event-stream'))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the limit of streams', () => {
  let server: TestApp;
  let streamed: readonly Way[];
  let whole: readonly Way[];

  const ask = ({ operation, url, payload, headers }: Way) =>
    server.inject({
      method: operation.startsWith('GET') ? 'GET' : 'POST',
      url,
      headers: { ...bearer(keys.user), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });

  beforeAll(async () => {
    server = await startApp({ env: { PLANS_FILE, ENABLE_LEGACY_SSE: 'true' } });
    const draft = '/assist/draft-graph';
    const drafted = await ask({ operation: 'POST', url: `${draft}/stream`, payload: DRAFT });
    const token = eventsOf(drafted.body).find(({ event }) => event === 'resume')?.data ?? '{}';
    const resumed = { 'x-resume-token': (JSON.parse(token) as { token: string }).token };
    const made = await ask({ operation: 'POST', url: '/v1/responses', payload: { ...RESPONSE, stream: true } });
    const { response } = JSON.parse(eventsOf(made.body)[0]?.data ?? '{}') as { response: { id: string } };
    const [chat, responses, kept] = ['/v1/chat/completions', '/v1/responses', `/v1/responses/${response.id}`];
    streamed = [
      { operation: `POST ${draft}/stream`, url: `${draft}/stream`, payload: DRAFT },
      { operation: `POST ${draft}/resume`, url: `${draft}/resume`, headers: { ...resumed, 'x-resume-mode': 'replay' } },
      { operation: 'GET /v1/streams/{id}/events', url: `/v1/streams/${drafted.headers['x-stream-id']}/events` },
      { operation: `POST ${draft}`, url: draft, payload: DRAFT, headers: { accept: 'text/event-stream' } },
      { operation: `POST ${chat}`, url: chat, payload: { ...CHAT, stream: true } },
      { operation: `POST ${responses}`, url: responses, payload: { ...RESPONSE, stream: true } },
      { operation: 'GET /v1/responses/{id}', url: `${kept}?stream=true` },
      { operation: 'GET /v1/responses/{id}', url: `${kept}?starting_after=1&stream=true` },
    ];
    whole = [
      { operation: `POST ${draft}`, url: draft, payload: DRAFT },
      {
        operation: `POST ${draft}`,
        url: draft,
        payload: DRAFT,
        headers: { accept: 'text/event-stream, application/json' },
      },
      { operation: `POST ${chat}`, url: chat, payload: { ...CHAT, stream: false } },
      { operation: `POST ${responses}`, url: responses, payload: RESPONSE },
      { operation: `POST ${responses}`, url: responses, payload: { ...RESPONSE, background: true } },
      { operation: 'GET /v1/responses/{id}', url: kept },
      { operation: 'GET /v1/responses/{id}', url: `${kept}?stream=false` },
    ];
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('holds for every operation that can answer with one, however it is asked', async () => {
    const tried = new Set(streamed.map(({ operation }) => operation));
    expect(publishedStreams().filter((operation) => !tried.has(operation))).toEqual([]);
    for (const way of streamed) {
      const { statusCode, headers } = await ask(way);
      expect([way.url, statusCode, headers['content-type'], headers['ratelimit-policy']]).toEqual([
        ...[way.url, 200, 'text/event-stream; charset=utf-8', expect.stringMatching(/^"streams"/)],
      ]);
    }
  });

  it('is one for all of these ways together', async () => {
    for (const way of streamed) {
      expectProblem(await ask(way), 429, 'RATE_LIMITED');
    }
  });

  it('is spent by nobody who is answered otherwise', async () => {
    for (const way of whole) {
      const { statusCode, headers } = await ask(way);
      expect([way.url, statusCode, headers['content-type'], headers['ratelimit-policy']]).toEqual([
        ...[way.url, 200, 'application/json; charset=utf-8', expect.stringMatching(/^"requests"/)],
      ]);
    }
  });
});
