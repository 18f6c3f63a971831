import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { APIError } from 'openai';
import { expectEdgeHeaders } from '../support/edge-headers.ts';
import { type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';
import { PausedModel } from '../support/paused-model.ts';
import { asking, runsOf } from '../support/repeats.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, failing, resetting, silent } from '../support/scripted-upstream-scripts.ts';
import { settled } from '../support/token-quota.ts';

const DONE = 'data: [DONE]\n\n';
const asked = (what: string) => ({ model: TEXT_MODEL, messages: [{ role: 'user' as const, content: what }] });

describe('a streamed chat completion', () => {
  const paused = new PausedModel(WORDS);
  let script: Script = paused.script;
  let surface: Surface;
  beforeAll(async () => {
    const env = { SSE_HEARTBEAT_MS: '100' };
    surface = await startSurface((request, response) => script(request, response), env);
  }, 60_000);
  afterAll(async () => {
    paused.letGo();
    await surface[Symbol.asyncDispose]();
  });

  const ask = (what: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
    fetch(`${surface.baseURL}/chat/completions`, {
      method: 'POST',
      headers: asking(headers),
      body: JSON.stringify({ ...asked(what), stream: true }),
      signal,
    });

  /** The text of a stream so far, once it holds these words. */
  async function readUntil({ body }: Response, words: string): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    const reader = (body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).getReader();
    while (!text.includes(words)) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    return text;
  }

  const chunksOf = (
    text: string,
  ): { readonly choices: readonly { readonly delta: { readonly content?: string } }[] }[] =>
    [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? ''));
  const saidIn = (text: string): string =>
    chunksOf(text)
      .map(({ choices }) => choices[0]?.delta.content ?? '')
      .join('');

  it('has every header of an answer and of a stream, and its head comes before a word of the model', async () => {
    script = silent;
    const leaving = new AbortController();
    const response = await ask('headers', {}, leaving.signal);
    const headers = Object.fromEntries(response.headers);
    expectEdgeHeaders(headers);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-stream-id': expect.stringMatching(/^strm_/),
      'ratelimit-policy': expect.stringMatching(/^"streams";/),
      'x-ratelimit-remaining-tokens': expect.stringMatching(/^\d+$/),
    });
    expect(await readUntil(response, ': heartbeat\n\n: heartbeat\n\n')).not.toContain('data:');
    leaving.abort();
  });

  it('carries no ids and no names of events, and ends with [DONE]', async () => {
    script = answering(WORDS, { charactersPerChunk: 5 });
    const text = await (await ask('plain')).text();
    expect(text.split('\n').filter((line) => !/^(data: .*|: heartbeat|)$/.test(line))).toEqual([]);
    expect([saidIn(text), text.endsWith(DONE)]).toEqual([WORDS, true]);
  });

  it('whose caller leaves in the middle stops the model within a second, and costs what was heard', async () => {
    script = paused.script;
    const before = await settled(surface.server);
    const client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey });
    const stream = await client.chat.completions.create({ ...asked('leaves'), stream: true });
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    const [left, call] = [Date.now(), surface.upstream.requests.at(-1)];
    await call?.over;
    expect((call?.closedByClientAt ?? Number.POSITIVE_INFINITY) - left).toBeLessThan(1_000);
    const cost = (await settled(surface.server)) - before;
    expect([cost > 0, cost < 18]).toEqual([true, true]);
  });

  it('that nobody announced to repeat stops also before its first word', async () => {
    script = silent;
    const [leaving, calls] = [new AbortController(), surface.upstream.requests.length];
    await ask('silent', {}, leaving.signal);
    const call = await surface.upstream.received(calls + 1);
    leaving.abort();
    await call.over;
    expect(call.closedByClientAt).toBeDefined();
  });

  it('with a key goes on when its caller leaves; the key gets the same stream again, live and afterwards', async () => {
    script = paused.script;
    const [key, calls] = [{ 'idempotency-key': randomUUID() }, surface.upstream.requests.length];
    const leaving = new AbortController();
    const first = await ask('keyed', key, leaving.signal);
    const begun = await readUntil(first, '"content"');
    leaving.abort();
    const joined = await ask('keyed', key);
    paused.letGo();
    const [live, after] = [await joined.text(), await (await ask('keyed', key)).text()];
    expect([joined.headers.get('idempotent-replayed'), saidIn(live), saidIn(after)]).toEqual(['true', WORDS, WORDS]);
    expect(chunksOf(live)).toEqual(chunksOf(after));
    expect(chunksOf(live).slice(0, 1)).toEqual(chunksOf(begun).slice(0, 1));
    expect(surface.upstream.requests.length - calls).toBe(1);
  });

  it('asked for again after it was abandoned runs again', async () => {
    script = paused.script;
    const leaving = new AbortController();
    const first = await ask('abandoned', { 'x-stainless-retry-count': '0' }, leaving.signal);
    await readUntil(first, '"content"');
    const abandoned = surface.upstream.requests.at(-1);
    leaving.abort();
    await abandoned?.over;
    script = answering(WORDS, {});
    const again = await ask('abandoned', { 'x-stainless-retry-count': '1' });
    expect([again.headers.get('idempotent-replayed'), saidIn(await again.text())]).toEqual([null, WORDS]);
  });

  it.each([
    ['refuses', failing(400, {}), '', { code: 'invalid_value', type: 'invalid_request_error' }],
    [
      'breaks its connection in the middle',
      resetting('Tea first'),
      'Tea first',
      { code: 'upstream_failed', type: 'server_error' },
    ],
  ])('of a model that %s ends in an error that clients read, then [DONE]', async (what, failure, said, words) => {
    script = failure;
    const text = await (await ask(what)).text();
    expect([saidIn(text.split('"error"')[0] ?? ''), text.endsWith(DONE)]).toEqual([said, true]);
    const client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey, maxRetries: 0 });
    const stream = await client.chat.completions.create({ ...asked(`${what} again`), stream: true });
    const error = await Array.fromAsync(stream).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject(words);
    expect(text).not.toContain('receipt');
  });

  it('is recorded also when the model says what a database does not take', async () => {
    script = answering('a\0b\ud800', {});
    const completed = await runsOf(surface.server, 'completed');
    expect(saidIn(await (await ask('no text')).text())).toBe('a\0b\ud800');
    expect((await runsOf(surface.server, 'completed')) - completed).toBe(1);
  });

  it('can be stopped by its owner, and says that it was', async () => {
    script = paused.script;
    const response = await ask('stopped');
    const id = response.headers.get('x-stream-id');
    const text = readUntil(response, DONE);
    await fetch(`${surface.baseURL}/streams/${id}`, { method: 'DELETE', headers: asking({}) });
    expect(await text).toContain('"code":"CANCELLED"');
  });
});
