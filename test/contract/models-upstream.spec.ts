import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '#src/kernel/index.js';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import { DRAFT_GRAPH, DraftProposal, ProposedNode } from '#src/models/draft-graph.schema.js';
import type { StructuredEvent, StructuredRequest, TextEvent, TextRequest } from '#src/models/provider.port.js';
import { FakeClock } from '../support/fake-clock.ts';
import { type RecordedRequest, type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import {
  answering,
  breakingOff,
  drafting,
  embedding,
  failing,
  flooding,
  frames,
  refusing,
  replying,
  resetting,
  sampleDraft,
  silent,
  stalling,
  streaming,
} from '../support/scripted-upstream-scripts.ts';
import { shownOf } from './models.contract.ts';
import { failure, KEY, type Line, quiet, recordingLog, settingsFor, whileTimePasses } from './models-support.ts';

const STEP_MS = 10_000;
const TEXT = 'Šálek čaje 🍵, then "quotes" and \\ slashes';
const words: TextRequest = { messages: [{ role: 'user', content: 'Say it' }] };
const draft: StructuredRequest = { task: DRAFT_GRAPH, input: {}, system: 's', prompt: 'p', schema: DraftProposal };
const calm = (): AbortSignal => new AbortController().signal;

let upstream: ScriptedUpstream;
let clock: FakeClock;
let lines: Line[];

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
});

afterEach(() => upstream.close());

async function provider(scripts: readonly Script[], near: Partial<OpenAiSettings> = {}): Promise<OpenAiProvider> {
  upstream = await ScriptedUpstream.start(scripts, 0);
  return new OpenAiProvider(settingsFor(upstream.url, near), clock, recordingLog(lines));
}

const soon = <T>(work: Promise<T>): Promise<T> => whileTimePasses(clock, STEP_MS, work);
const say = async (scripts: readonly Script[], near: Partial<OpenAiSettings> = {}): Promise<TextEvent[]> =>
  soon(Array.fromAsync((await provider(scripts, near)).text(words, calm())));
const drawUp = async (scripts: readonly Script[], request = draft): Promise<StructuredEvent[]> =>
  soon(Array.fromAsync((await provider(scripts)).structured(request, calm()))).then(shownOf);

const doneOf = <T extends { readonly type: string }>(events: readonly T[]): T | undefined => events.at(-1);

describe('a model that behaves oddly but well', () => {
  it.each<[string, Script]>([
    ['byte by byte', answering(TEXT, { bytesPerWrite: 1 })],
    ['in pieces of three bytes, through characters', answering(TEXT, { bytesPerWrite: 3, charactersPerChunk: 2 })],
    ['with CRLF', answering(TEXT, { lineEnd: '\r\n', bytesPerWrite: 7 })],
    ['with CR alone', answering(TEXT, { lineEnd: '\r' })],
    ['without a last line end', answering(TEXT, { ending: 'data: [DONE]' })],
    ['without [DONE]', answering(TEXT, { ending: '' })],
    ['without a reason to stop', answering(TEXT, { finish: null })],
    ['with words after [DONE]', answering(TEXT, { ending: 'data: [DONE]\n\ndata: not json\n\n' })],
  ])('is heard %s', async (_how, script) => {
    expect(doneOf(await say([script]))).toMatchObject({
      type: 'done',
      text: TEXT,
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 7 },
      model: 'scripted-1',
      provider: 'openai',
    });
  });

  it('is estimated at four bytes a token when it does not count', async () => {
    const { usage } = Object(doneOf(await say([answering('ččč', { usage: null })])));
    expect(usage).toEqual({ inputTokens: 2, outputTokens: 2 });
  });

  it('says when it ran into its limit', async () => {
    expect(doneOf(await say([answering('cut', { finish: 'length' })]))).toMatchObject({
      text: 'cut',
      finish: 'length',
    });
  });

  it('says when it declines, in its words or by a filter, and what that cost', async () => {
    const [first, second, done] = await say([refusing('I would rather not', { charactersPerChunk: 10 })]);
    expect([first, second, done]).toMatchObject([
      { type: 'refusal_delta', text: 'I would ra' },
      { type: 'refusal_delta', text: 'ther not' },
      { type: 'done', text: '', refusal: 'I would rather not', finish: 'stop', usage: { outputTokens: 7 } },
    ]);
    await upstream.close();
    expect(doneOf(await say([answering('Tea', { finish: 'content_filter' })]))).toMatchObject({
      text: 'Tea',
      finish: 'filtered',
      usage: { outputTokens: 7 },
    });
  });

  it('keeps its connection for the next call', async () => {
    const subject = await provider([answering(TEXT, {})]);
    await soon(Array.fromAsync(subject.text(words, calm())));
    await soon(Array.fromAsync(subject.text(words, calm())));
    expect(upstream.requests).toHaveLength(2);
    expect(await upstream.connections()).toBe(1);
  });
});

describe('a model that fails', () => {
  const malformed = { code: 'UPSTREAM_FAILED', fault: 'malformed' };
  const rejected = { code: 'BAD_INPUT', fault: 'rejected', shouldRetry: false };
  const unserved = { code: 'UPSTREAM_FAILED', fault: 'unserved', shouldRetry: false };
  const broken = { code: 'UPSTREAM_FAILED', fault: 'network' };
  const busy = { code: 'UPSTREAM_FAILED', fault: 'busy', shouldRetry: false };
  const refused = { code: 'UPSTREAM_FAILED', fault: 'refused', shouldRetry: false };

  it.each<[string, Script, object, number]>([
    ['400', failing(400, {}), rejected, 1],
    ['401, which is not our caller’s', failing(401, {}), refused, 1],
    ['403', failing(403, {}), refused, 1],
    ['404', failing(404, {}), unserved, 1],
    ['408', failing(408, {}), busy, 3],
    ['409', failing(409, {}), busy, 3],
    ['429', failing(429, {}), { code: 'RATE_LIMITED', fault: 'limited', shouldRetry: false }, 3],
    ['500', failing(500, {}), busy, 3],
    ['503', failing(503, {}), busy, 3],
    ['a redirect, which is not followed', failing(307, { location: '/v1/elsewhere' }), unserved, 1],
    ['a reset before the answer', resetting(''), broken, 3],
    ['a page of HTML', replying(200, { 'content-type': 'text/html' }, '<html>sk-leak</html>'), malformed, 1],
    ['JSON where a stream was asked for', replying(200, { 'content-type': 'application/json' }, '{}'), malformed, 1],
    ['no content type', replying(200, {}, 'data: {}\n\n'), malformed, 1],
    [
      'compressed bytes',
      replying(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }, 'x'),
      malformed,
      1,
    ],
    ['events that are not JSON', streaming('data: sk-leak words\n\n'), malformed, 1],
    ['events of another shape', streaming('data: {"choices":"many"}\n\n'), malformed, 1],
    ['an error in its stream', streaming('data: {"error":{"message":"sk-leak"}}\n\n'), busy, 3],
    ['an empty stream', streaming(''), { code: 'UPSTREAM_FAILED', fault: 'truncated' }, 3],
  ])('by %s ends clearly', async (_why, script, expected, tries) => {
    const error = await failure(say([script]));
    expect(error).toMatchObject(expected);
    expect(upstream.requests).toHaveLength(tries);
  });

  it.each<[string, Script, string]>([
    ['breaks off', breakingOff(TEXT), 'truncated'],
    ['resets the connection', resetting(TEXT), 'network'],
    ['floods', flooding(4_000_000), 'malformed'],
  ])('is not asked again when it %s in mid-answer', async (_why, script, fault) => {
    const error = await failure(say([script], { maxResponseBytes: 1_000_000 }));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is asked again while nothing was heard, and then answers', async () => {
    const events = await say([failing(500, {}), resetting(''), answering(TEXT, {})]);
    expect(doneOf(events)).toMatchObject({ text: TEXT });
    expect(lines).toEqual([
      { event: 'model.call_retried', provider: 'openai', fault: 'busy', status: 500 },
      { event: 'model.call_retried', provider: 'openai', fault: 'network', status: undefined },
    ]);
  });

  it('is given the time it asks for', async () => {
    const subject = await provider([failing(429, { 'retry-after': '7' }), answering(TEXT, {})]);
    const start = clock.now();
    const answer = Array.fromAsync(subject.text(words, calm()));
    const waited = upstream.received(2).then(() => clock.now() - start);
    await whileTimePasses(clock, 500, answer);
    expect(await waited).toBeGreaterThanOrEqual(7_000);
  });

  it('is not waited for when it asks for too much, and the caller hears how long', async () => {
    const error = await failure(say([failing(429, { 'retry-after': '60' })]));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000, shouldRetry: undefined });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is nobody’s address: a port that does not listen is a failure of the network', async () => {
    const subject = await provider([silent]);
    await upstream.close();
    const error = await failure(soon(Array.fromAsync(subject.text(words, calm()))));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'network' });
    upstream = await ScriptedUpstream.start([silent], 0);
  });
});

describe('a model that takes its time', () => {
  it('is given up when it never answers, and its connection is closed', async () => {
    const subject = await provider([silent], { firstTokenMs: 30_000 });
    const error = failure(Array.fromAsync(subject.text(words, calm())));
    const request = await upstream.received(1);
    await clock.advance(30_000);
    expect(await error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
    expect(upstream.requests).toHaveLength(1);
  });

  it('is given up when it keeps the connection busy and says no word', async () => {
    const chatty: Script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      while (!response.destroyed) {
        response.write(': still thinking\n\n');
        await turn();
      }
    };
    const error = await failure(say([chatty], { firstTokenMs: 30_000 }));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('may think longer before its first word than it may be silent later', async () => {
    const thought = Promise.withResolvers<void>();
    const thinking: Script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      await thought.promise;
      response.end(frames(TEXT, {}).join(''));
    };
    const subject = await provider([thinking], { firstTokenMs: 60_000, idleMs: 10_000 });
    const events = Array.fromAsync(subject.text(words, calm()));
    await upstream.received(1);
    await clock.advance(50_000);
    thought.resolve();
    expect(doneOf(await events)).toMatchObject({ text: TEXT });
  });

  it('is given up when it falls silent in mid-answer', async () => {
    const subject = await provider([stalling(TEXT)], { idleMs: 30_000 });
    const events = subject.text(words, calm());
    await events.next();
    const error = await soon(failure(Array.fromAsync(events)));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await upstream.requests[0]?.over;
    expect(upstream.requests[0]?.closedByClientAt).toBeDefined();
  });

  it('is given up when the whole call takes too long, however busy it is', async () => {
    const subject = await provider([answering('x'.repeat(100_000), { charactersPerChunk: 1 })], { totalMs: 120_000 });
    const error = await soon(failure(Array.fromAsync(subject.text(words, calm()))));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('is given up when the handshake of its connection takes too long, and tried again', async () => {
    upstream = await ScriptedUpstream.start([silent], 0);
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    const { port } = Object(mute.address());
    const subject = new OpenAiProvider(settingsFor(`https://127.0.0.1:${port}`, { connectMs: 5_000 }), clock, quiet);
    const error = failure(Array.fromAsync(subject.text(words, calm())));
    for (const tries of [1, 2, 3]) {
      while (sockets.length < tries) await clock.advance(100);
      await clock.advance(5_000);
    }
    expect(await error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', fault: 'connect_timeout' });
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it('is not blamed for a reader who takes his', async () => {
    const subject = await provider([answering(TEXT, { charactersPerChunk: 4 })], { idleMs: 30_000 });
    const told: string[] = [];
    for await (const event of subject.text(words, calm())) {
      if (event.type === 'delta') told.push(event.text);
      await clock.advance(40_000);
    }
    expect(told.join('')).toBe(TEXT);
  });
});

describe('a caller who leaves', () => {
  async function closedSince(request: RecordedRequest, left: number): Promise<void> {
    await request.over;
    expect(Number(request.closedByClientAt) - left).toBeLessThan(1_000);
  }

  it('before the first word ends the call upstream within a second', async () => {
    const controller = new AbortController();
    const subject = await provider([silent]);
    const error = failure(Array.fromAsync(subject.structured(draft, controller.signal)));
    const request = await upstream.received(1);
    controller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });
    await closedSince(request, Date.now());
  });

  it('in mid-answer ends the call upstream within a second', async () => {
    const controller = new AbortController();
    const subject = await provider([stalling('{"nodes":[{"id":"a"},')]);
    const events = subject.structured(draft, controller.signal);
    expect(await events.next()).toMatchObject({
      value: { type: 'partial', used: { inputTokens: 2, outputTokens: 6 } },
    });
    controller.abort();
    const left = Date.now();
    expect(await failure(events.next())).toMatchObject({ code: 'CANCELLED' });
    await closedSince(await upstream.received(1), left);
  });

  it('for a reason of ours ends with that reason', async () => {
    const controller = new AbortController();
    const subject = await provider([silent]);
    const error = failure(subject.embed({ texts: ['a'] }, controller.signal));
    await upstream.received(1);
    const reason = new AppError('NOT_READY');
    controller.abort(reason);
    expect(await error).toBe(reason);
  });

  it('during a wait for a retry is not kept waiting', async () => {
    const controller = new AbortController();
    const subject = await provider([failing(429, { 'retry-after': '9' })]);
    const error = failure(Array.fromAsync(subject.text(words, controller.signal)));
    while (lines.length === 0) await clock.advance(0);
    controller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('by reading no further closes the connection', async () => {
    const subject = await provider([stalling(TEXT)]);
    for await (const _event of subject.text(words, calm())) break;
    const request = await upstream.received(1);
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
  });
});

describe('a structured answer', () => {
  const Small = z.object({ tea: z.string(), sugar: z.number().optional() });
  const small: StructuredRequest = { ...draft, task: 'choose tea', schema: Small };

  it('is asked for by a strict schema, with the key, and counted', async () => {
    await drawUp([drafting(sampleDraft(2), {})]);
    const { headers, body, path } = await upstream.received(1);
    expect(path).toBe('/v1/chat/completions');
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(body).toMatchObject({
      model: 'text-1',
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'draft_graph', strict: true } },
    });
  });

  it('grows by whole nodes, without the nulls of strict mode', async () => {
    const events = await drawUp([drafting(sampleDraft(4), { charactersPerChunk: 10 })]);
    const shown = events.map(({ value }) => z.array(ProposedNode).parse(Object(value).nodes));
    const counts = shown.map(({ length }) => length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.filter((count) => count < 4).length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain('null');
    expect(doneOf(events)).toMatchObject({ type: 'done', repairs: 0, finish: 'stop' });
  });

  it('is understood inside a fence', async () => {
    const events = await drawUp([answering('```json\n{"tea":"green","sugar":null}\n```', {})], small);
    expect(doneOf(events)).toMatchObject({ value: { tea: 'green' }, repairs: 0 });
  });

  it.each([
    ['is not JSON', '{"tea":"green"', 'not valid JSON'],
    ['does not fit', '{"tea":5}', 'tea: '],
  ])('that %s is repaired once, both rounds counted', async (_why, wrong, fault) => {
    const events = await drawUp([answering(wrong, {}), answering('{"tea":"green","sugar":1}', {})], small);
    expect(doneOf(events)).toMatchObject({
      value: { tea: 'green', sugar: 1 },
      repairs: 1,
      usage: { inputTokens: 22, outputTokens: 14 },
    });
    const { messages } = Object((await upstream.received(2)).body);
    expect(messages.slice(2)).toEqual([
      { role: 'assistant', content: wrong },
      { role: 'user', content: expect.stringContaining(fault) },
    ]);
  });

  it('that stays wrong after its repair is a failure', async () => {
    const error = await failure(drawUp([answering('{"tea":5}', {})], small));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'unfit' });
    expect(upstream.requests).toHaveLength(2);
  });

  it('that was cut off is a failure which says so', async () => {
    const error = await failure(drawUp([answering('{"tea":"gr', { finish: 'length' })], small));
    expect(error).toMatchObject({
      code: 'UPSTREAM_FAILED',
      message: 'The model reached its token limit in mid-answer',
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('that is declined is a failure of its own, and not asked for again', async () => {
    for (const script of [refusing('No.', {}), answering('', { finish: 'content_filter' })]) {
      expect(await failure(drawUp([script], small))).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'declined' });
      expect(upstream.requests).toHaveLength(1);
      await upstream.close();
    }
    upstream = await ScriptedUpstream.start([silent], 0);
  });

  it('of ten megabytes is read in time that grows with its length', async () => {
    const long = JSON.stringify({ tea: 'x'.repeat(10_000_000), sugar: null });
    const events = await drawUp([answering(long, { charactersPerChunk: 50_000 })], small);
    expect(Object(doneOf(events)).value.tea).toHaveLength(10_000_000);
  });
});

describe('embeddings', () => {
  const json = (value: unknown): Script => replying(200, { 'content-type': 'application/json' }, JSON.stringify(value));
  const embed = async (scripts: readonly Script[]) =>
    soon((await provider(scripts)).embed({ texts: ['a', 'b'], dimensions: 4 }, calm()));

  it('are asked for as floats and come back in order', async () => {
    const { vectors, model } = await embed([embedding(4)]);
    expect(vectors.map(({ length }) => length)).toEqual([4, 4]);
    expect(model).toBe('scripted-embed-1');
    const { body } = await upstream.received(1);
    expect(body).toEqual({ model: 'embed-1', input: ['a', 'b'], encoding_format: 'float', dimensions: 4 });
  });

  it.each<[string, unknown]>([
    ['one too few', { data: [{ index: 0, embedding: [1] }] }],
    [
      'the same place twice',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
    ],
    [
      'different lengths',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: [1, 2] },
        ],
      },
    ],
    [
      'a far index',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 4_000_000_000, embedding: [1] },
        ],
      },
    ],
    [
      'no numbers',
      {
        data: [
          { index: 0, embedding: ['1'] },
          { index: 1, embedding: [1] },
        ],
      },
    ],
    ['something else', []],
  ])('with %s are refused', async (_why, answer) => {
    expect(await failure(embed([json(answer)]))).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'malformed' });
  });

  it('with other dimensions than asked for are refused', async () => {
    expect(await failure(embed([embedding(3)]))).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'unfit' });
  });

  it('are tried again after a failure that passes', async () => {
    expect((await embed([failing(503, {}), embedding(4)])).vectors).toHaveLength(2);
  });
});

describe('secrets', () => {
  it('no error and no log line carries the key, the address or the words of the upstream', async () => {
    upstream = await ScriptedUpstream.start(
      [failing(500, {}), streaming('data: sk-leak-words\n\n'), failing(401, {}), breakingOff('sk-leak')],
      0,
    );
    const baseUrl = upstream.url.replace('//', '//user:planted-password@');
    const subject = new OpenAiProvider(settingsFor(baseUrl), clock, recordingLog(lines));
    const errors = [];
    for (let round = 0; round < 3; round++) {
      const error = await soon(failure(Array.fromAsync(subject.text(words, calm()))));
      errors.push([String(error), JSON.stringify(error), String(Object(error).cause)]);
    }
    expect(upstream.requests).toHaveLength(4);
    expect(JSON.stringify([errors, lines])).not.toMatch(/planted|sk-|upstream words|127\.0\.0\.1/);
  });

  it('the frames of this test do carry what must not pass', () => {
    expect(frames('sk-leak', {}).join('')).toContain('sk-leak');
  });
});
