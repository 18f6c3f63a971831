import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { asking, briefOf, codeOf, runsOf, send } from '../support/repeats.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';
import { isFinished, type Reading, readStream, tokenOf } from '../support/stream-client.ts';

const STREAM = '/assist/draft-graph/stream';
const withKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

describe('a stream that is asked for again', () => {
  let upstream: ScriptedUpstream;
  let server: TestApp;
  let url: string;
  beforeAll(async () => {
    const structured = drafting(sampleDraft(12), { paceMs: 20, charactersPerChunk: 48 });
    upstream = await ScriptedUpstream.start([standard({ structured })], 0);
    const models = { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'test' };
    const limits = { RATE_LIMIT_RPM: '100000', SSE_RATE_LIMIT_RPM: '100000' };
    server = await startApp({ env: { ...models, ...limits, ENABLE_LEGACY_SSE: 'true' } });
    url = await server.listen();
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await upstream.close();
  });

  const stream = (body: string, headers: Record<string, string>, reading: Reading = {}) =>
    readStream(url + STREAM, { method: 'POST', headers: asking(headers), body }, reading);

  it('while it runs is joined from its first event and followed to its end', async () => {
    const [key, body, runs] = [withKey(), briefOf('Join'), await runsOf(server)];
    const cut = await stream(body, key, { cutAfterBytes: 1_500 });
    const joined = await stream(body, key);
    expect(isFinished(cut.events)).toBe(false);
    expect(joined.streamId).toBe(cut.streamId);
    expect(joined.events.slice(0, cut.events.length)).toEqual(cut.events);
    expect(joined.events.map(({ seq }) => seq)).toEqual(joined.events.map((_, at) => at + 1));
    expect(joined.events.at(-1)?.event).toBe('complete');
    expect((await runsOf(server)) - runs).toBe(1);
  });

  it('fifty times at once is one stream with fifty readers', async () => {
    const [key, body, runs] = [withKey(), briefOf('Crowd'), await runsOf(server)];
    const all = await Promise.all(Array.from({ length: 50 }, () => stream(body, key)));
    expect(new Set(all.map(({ streamId }) => streamId)).size).toBe(1);
    expect(new Set(all.map(({ events }) => JSON.stringify(events))).size).toBe(1);
    expect([all[0]?.events.at(-1)?.event, (await runsOf(server)) - runs]).toEqual(['complete', 1]);
  });

  it('after its end is replayed from its log, and marked as a replay', async () => {
    const [key, body] = [withKey(), briefOf('Over')];
    const whole = await stream(body, key);
    const response = await fetch(url + STREAM, { method: 'POST', headers: asking(key), body });
    const headers = ['idempotent-replayed', 'x-stream-id', 'content-type', 'cache-control', 'x-accel-buffering'];
    expect(headers.map((name) => response.headers.get(name))).toEqual([
      ...['true', whole.streamId, 'text/event-stream; charset=utf-8', 'no-cache, no-transform', 'no'],
    ]);
    await response.body?.cancel();
    expect((await stream(body, key)).events).toEqual(whole.events);
  });

  it('by a client library without a key is joined as well', async () => {
    const [body, runs] = [briefOf('Library'), await runsOf(server)];
    const cut = await stream(body, {}, { cutAfterBytes: 1_500 });
    const joined = await stream(body, { 'x-stainless-retry-count': '1' });
    expect([joined.streamId, joined.events.at(-1)?.event]).toEqual([cut.streamId, 'complete']);
    expect((await runsOf(server)) - runs).toBe(1);
    expect((await stream(body, { 'x-stainless-retry-count': '0' })).streamId).not.toBe(cut.streamId);
  });

  it('by a client library is joined also while the first reader is still there', async () => {
    const body = briefOf('Both');
    const retry = Promise.withResolvers<ReturnType<typeof stream>>();
    const onEvent = ({ seq }: { seq: number }): void => {
      if (seq === 3) retry.resolve(stream(body, { 'x-stainless-retry-count': '1' }));
    };
    const [first, second] = await Promise.all([stream(body, {}, { onEvent }), retry.promise]);
    expect([second.streamId, second.events]).toEqual([first.streamId, first.events]);
  });

  it('by its resume token, with a key or not, is read from where the caller stands each time', async () => {
    const whole = await stream(briefOf('Resume'), {});
    const resume = (last: string) =>
      readStream(`${url}/assist/draft-graph/resume`, {
        method: 'POST',
        headers: {
          ...asking({ 'idempotency-key': 'resume' }),
          'x-resume-token': tokenOf(whole.events) ?? '',
          'last-event-id': last,
        },
      });
    const [behindTwo, behindFour] = [await resume('2'), await resume('4')];
    expect([behindTwo.events, behindFour.events]).toEqual([whole.events.slice(2), whole.events.slice(4)]);
  });

  it('with another body is refused; by another tenant it is another stream', async () => {
    const [key, body] = [withKey(), briefOf('Mine')];
    const own = await stream(body, key, { cutAfterBytes: 500 });
    const other = await send(url + STREAM, briefOf('Other'), key);
    expect([other.status, codeOf(other)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const theirs = await stream(body, { ...key, ...bearer(keys.foreign) }, { cutAfterBytes: 500 });
    expect(theirs.streamId).not.toBe(own.streamId);
  });

  it('as a whole, where a header tells the two apart, is another request', async () => {
    const [key, body, runs] = [withKey(), briefOf('Form'), await runsOf(server)];
    const draft = `${url}/assist/draft-graph`;
    const asStream = { accept: 'text/event-stream' };
    const streamed = await send(draft, body, { ...key, ...asStream });
    const whole = await send(draft, body, key);
    expect([streamed.status, whole.status, codeOf(whole)]).toEqual([200, 422, 'IDEMPOTENCY_KEY_REUSED']);
    const unasked = await send(draft, body, { 'x-stainless-retry-count': '1' });
    expect([unasked.headers.get('content-type'), (await runsOf(server)) - runs]).toEqual([
      ...['application/json; charset=utf-8', 2],
    ]);
    const again = await send(draft, body, { ...key, ...asStream });
    expect([again.text, (await runsOf(server)) - runs]).toEqual([streamed.text, 2]);
  });

  it('after it was cancelled says so again, and starts nothing', async () => {
    const [key, body, runs] = [withKey(), briefOf('Cancel'), await runsOf(server)];
    const cut = await stream(body, key, { cutAfterBytes: 1_000 });
    await fetch(`${url}/v1/streams/${cut.streamId}`, { method: 'DELETE', headers: bearer(keys.user) });
    const again = await stream(body, key);
    expect([again.streamId, again.events.at(-1)?.event]).toEqual([cut.streamId, 'error']);
    expect((await runsOf(server)) - runs).toBe(1);
  });
});
