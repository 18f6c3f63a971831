import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import type { Script } from '../support/scripted-upstream.ts';
import {
  answering,
  breakingOff,
  embedding,
  failing,
  flooding,
  frames,
  refusing,
  replying,
  resetting,
  silent,
  streaming,
} from '../support/scripted-upstream-scripts.ts';
import { doneOf, failure, recordingLog, settingsFor, whileTimePasses } from './models-support.ts';
import { calm, TEXT, UpstreamScene, words } from './upstream-scene.ts';

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

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
    expect(doneOf(await scene.say([script]))).toMatchObject({
      type: 'done',
      text: TEXT,
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 7 },
      model: 'scripted-1',
      provider: 'openai',
    });
  });

  it('is estimated at four bytes a token when it does not count', async () => {
    const { usage } = Object(doneOf(await scene.say([answering('ččč', { usage: null })])));
    expect(usage).toEqual({ inputTokens: 2, outputTokens: 2 });
  });

  it('says when it ran into its limit', async () => {
    expect(doneOf(await scene.say([answering('cut', { finish: 'length' })]))).toMatchObject({
      text: 'cut',
      finish: 'length',
    });
  });

  it('says when it declines, in its words or by a filter, and what that cost', async () => {
    const [first, second, done] = await scene.say([refusing('I would rather not', { charactersPerChunk: 10 })]);
    expect([first, second, done]).toMatchObject([
      { type: 'refusal_delta', text: 'I would ra' },
      { type: 'refusal_delta', text: 'ther not' },
      { type: 'done', text: '', refusal: 'I would rather not', finish: 'stop', usage: { outputTokens: 7 } },
    ]);
    expect(doneOf(await scene.say([answering('Tea', { finish: 'content_filter' })]))).toMatchObject({
      text: 'Tea',
      finish: 'filtered',
      usage: { outputTokens: 7 },
    });
  });

  it('keeps its connection for the next call', async () => {
    const subject = await scene.openAi([answering(TEXT, {})]);
    await scene.soon(Array.fromAsync(subject.text(words, calm())));
    await scene.soon(Array.fromAsync(subject.text(words, calm())));
    expect(scene.upstream.requests).toHaveLength(2);
    expect(await scene.upstream.connections()).toBe(1);
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
    const error = await failure(scene.say([script]));
    expect(error).toMatchObject(expected);
    expect(scene.upstream.requests).toHaveLength(tries);
  });

  it.each<[string, Script, string]>([
    ['breaks off', breakingOff(TEXT), 'truncated'],
    ['resets the connection', resetting(TEXT), 'network'],
    ['floods', flooding(4_000_000), 'malformed'],
  ])('is not asked again when it %s in mid-answer', async (_why, script, fault) => {
    const error = await failure(scene.say([script], { maxResponseBytes: 1_000_000 }));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('is asked again while nothing was heard, and then answers', async () => {
    const events = await scene.say([failing(500, {}), resetting(''), answering(TEXT, {})]);
    expect(doneOf(events)).toMatchObject({ text: TEXT });
    expect(scene.lines).toEqual([
      { event: 'model.call_retried', provider: 'openai', fault: 'busy', status: 500 },
      { event: 'model.call_retried', provider: 'openai', fault: 'network', status: undefined },
    ]);
  });

  it('is given the time it asks for', async () => {
    const subject = await scene.openAi([failing(429, { 'retry-after': '7' }), answering(TEXT, {})]);
    const start = scene.clock.now();
    const answer = Array.fromAsync(subject.text(words, calm()));
    const waited = scene.upstream.received(2).then(() => scene.clock.now() - start);
    await whileTimePasses(scene.clock, 500, answer);
    expect(await waited).toBeGreaterThanOrEqual(7_000);
  });

  it('is not waited for when it asks for too much, and the caller hears how long', async () => {
    const error = await failure(scene.say([failing(429, { 'retry-after': '60' })]));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000, shouldRetry: undefined });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('is nobody’s address: a port that does not listen is a failure of the network', async () => {
    const subject = await scene.openAi([silent]);
    await scene.close();
    const error = await failure(scene.soon(Array.fromAsync(subject.text(words, calm()))));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'network' });
  });
});

describe('embeddings', () => {
  const json = (value: unknown): Script => replying(200, { 'content-type': 'application/json' }, JSON.stringify(value));
  const embed = async (scripts: readonly Script[]) =>
    scene.soon((await scene.openAi(scripts)).embed({ texts: ['a', 'b'], dimensions: 4 }, calm()));

  it('are asked for as floats and come back in order', async () => {
    const { vectors, model } = await embed([embedding(4)]);
    expect(vectors.map(({ length }) => length)).toEqual([4, 4]);
    expect(model).toBe('scripted-embed-1');
    const { body } = await scene.upstream.received(1);
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
    await scene.play([
      failing(500, {}),
      streaming('data: sk-leak-words\n\n'),
      failing(401, {}),
      breakingOff('sk-leak'),
    ]);
    const baseUrl = scene.upstream.url.replace('//', '//user:planted-password@');
    const subject = new OpenAiProvider(settingsFor(baseUrl), scene.clock, recordingLog(scene.lines));
    const errors = [];
    for (let round = 0; round < 3; round++) {
      const error = await scene.soon(failure(Array.fromAsync(subject.text(words, calm()))));
      errors.push([String(error), JSON.stringify(error), String(Object(error).cause)]);
    }
    expect(scene.upstream.requests).toHaveLength(4);
    expect(JSON.stringify([errors, scene.lines])).not.toMatch(/planted|sk-|upstream words|127\.0\.0\.1/);
  });

  it('the frames of this test do carry what must not pass', () => {
    expect(frames('sk-leak', {}).join('')).toContain('sk-leak');
  });
});
