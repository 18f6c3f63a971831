import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import type { TextEvent, TextRequest } from '#src/models/provider.port.js';
import type { Script } from '../support/scripted-upstream.ts';
import {
  answering,
  calling,
  completing,
  failing,
  replying,
  resetting,
  silent,
  stalling,
  streaming,
} from '../support/scripted-upstream-scripts.ts';
import { failure } from './models-support.ts';
import { calm, TEXT, UpstreamScene, words } from './upstream-scene.ts';

const JSON_HEAD = { 'content-type': 'application/json' };

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

/** What is heard of an answer of which the end alone is read. */
async function hear(scripts: readonly Script[], near: Partial<OpenAiSettings> = {}): Promise<TextEvent[]> {
  const subject = await scene.openAi(scripts, near);
  return scene.soon(Array.fromAsync(subject.text(words, calm(), 'end')));
}

const done = async (script: Script): Promise<unknown> => (await hear([script])).at(-1);
const message = (said: object, rest: object = {}) =>
  completing({ id: 'c', choices: [{ message: said, finish_reason: 'stop' }], ...rest });

describe('an answer of which the end alone is read', () => {
  it('is asked for in one piece, and costs what the model counts', async () => {
    expect(await done(answering(TEXT, {}))).toEqual({
      ...{ type: 'done', text: TEXT, toolCalls: [], finish: 'stop' },
      ...{ usage: { inputTokens: 11, outputTokens: 7 }, model: 'scripted-1', provider: 'openai' },
    });
    const [request] = scene.upstream.requests;
    expect([Object(request?.body).stream, 'stream_options' in Object(request?.body)]).toEqual([false, false]);
    expect(request?.headers.accept).toBe('application/json, text/event-stream');
  });

  it('tells its words before its end, so that what they cost is counted', async () => {
    const [first] = await hear([answering(TEXT, {})]);
    expect(first).toMatchObject({ type: 'delta', text: TEXT, used: { outputTokens: 12 } });
  });

  it.each<[string, Script, object]>([
    ['tools called', calling([{ id: 'a', name: 'f', arguments: '{"x":1}' }], {}), { finish: 'tools' }],
    ['a limit reached', answering('cut', { finish: 'length' }), { text: 'cut', finish: 'length' }],
    ['a refusal', message({ refusal: 'No.' }), { text: '', refusal: 'No.', finish: 'stop' }],
    ['a filter', answering('Tea', { finish: 'content_filter' }), { text: 'Tea', finish: 'filtered' }],
    ['nothing said', message({ content: null }), { text: '', finish: 'stop' }],
    ['no count', message({ content: 'ččč' }), { usage: { inputTokens: 2, outputTokens: 2 } }],
    ['no reason to stop', completing({ choices: [{ message: { content: 'x' } }] }), { text: 'x', finish: 'stop' }],
    [
      'a type with parameters',
      replying(200, { 'content-type': 'Application/JSON; charset=utf-8' }, '{"choices":[{"message":{"content":"x"}}]}'),
      { text: 'x' },
    ],
    ['ten megabytes', message({ content: 'x'.repeat(10_485_760) }), { text: 'x'.repeat(10_485_760) }],
  ])('may have %s', async (_what, script, expected) => {
    expect(await done(script)).toMatchObject(expected);
  });

  it('may call several tools, with and without ids', async () => {
    const calls = [
      { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
      { function: { name: 'g', arguments: { y: 2 } } },
      { id: 'c', function: { name: 'h' } },
    ];
    expect(await done(message({ tool_calls: calls }))).toMatchObject({
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'call_c_1', name: 'g', arguments: '{"y":2}' },
        { id: 'c', name: 'h', arguments: '{}' },
      ],
    });
  });

  it.each<[string, Script]>([
    ['whole', answering(TEXT, { ending: '' })],
    ['byte by byte', answering(TEXT, { bytesPerWrite: 1 })],
  ])('is heard as a stream, %s, when it comes as one', async (_how, script) => {
    expect(await done(script)).toMatchObject({ text: TEXT, usage: { inputTokens: 11, outputTokens: 7 } });
  });

  it('leaves its connection to the next one', async () => {
    const subject = await scene.openAi([answering(TEXT, {})]);
    for (let turn = 0; turn < 3; turn++) await Array.fromAsync(subject.text(words, calm(), 'end'));
    expect([scene.upstream.requests.length, await scene.upstream.connections()]).toEqual([3, 1]);
  });
});

describe('an answer of which the end alone is read fails', () => {
  const malformed = { code: 'UPSTREAM_FAILED', fault: 'malformed' };
  const busy = { code: 'UPSTREAM_FAILED', fault: 'busy' };
  const broken = { code: 'UPSTREAM_FAILED', fault: 'network' };
  const cut: Script = async (_request, response) => {
    response.writeHead(200, { ...JSON_HEAD, 'content-length': '1000' });
    await new Promise<void>((resolve) => response.write('{"choices":[{"mess', () => resolve()));
    response.socket?.resetAndDestroy();
  };

  it.each<[string, Script, object, number]>([
    ['no JSON', replying(200, JSON_HEAD, 'sk-leak words'), malformed, 1],
    ['nothing', replying(200, JSON_HEAD, ''), malformed, 1],
    ['the end of a stream', replying(200, JSON_HEAD, '[DONE]'), malformed, 1],
    ['an array', completing([]), malformed, 1],
    ['no choices', completing({}), malformed, 1],
    ['an empty list of choices', completing({ choices: [] }), malformed, 1],
    ['the shape of a stream', completing({ choices: [{ delta: { content: 'x' } }] }), malformed, 1],
    ['words that are a number', message({ content: 7 }), malformed, 1],
    [
      'a negative count',
      message({ content: 'x' }, { usage: { prompt_tokens: -1, completion_tokens: 1 } }),
      malformed,
      1,
    ],
    ['HTML', replying(200, { 'content-type': 'text/html' }, '<p>'), malformed, 1],
    ['compressed bytes', replying(200, { ...JSON_HEAD, 'content-encoding': 'gzip' }, 'x'), malformed, 1],
    ['an error', completing({ error: { message: 'sk-leak' } }), busy, 3],
    ['a tool without a name', message({ tool_calls: [{ id: 'a', function: { arguments: '{}' } }] }), malformed, 1],
    ['a status of 400', failing(400, {}), { code: 'BAD_INPUT', fault: 'rejected' }, 1],
    ['a status of 500', failing(500, {}), busy, 3],
    ['a reset before it', resetting(''), broken, 3],
    ['a reset in the middle of it', cut, broken, 3],
    ['a stream of another shape', streaming('data: {"choices":"many"}\n\n'), malformed, 1],
  ])('by %s', async (_why, script, expected, tries) => {
    const error = await failure(hear([script]));
    expect(error).toMatchObject(expected);
    expect(String(Object(error).message)).not.toContain('sk-leak');
    expect(scene.upstream.requests).toHaveLength(tries);
  });

  it('by its length', async () => {
    const error = await failure(hear([message({ content: 'x'.repeat(2_000_000) })], { maxResponseBytes: 1_000_000 }));
    expect(error).toMatchObject(malformed);
    await scene.upstream.requests[0]?.over;
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('when the whole call takes too long, and not before: nothing shows that it goes on', async () => {
    const subject = await scene.openAi([silent], { firstTokenMs: 30_000, idleMs: 30_000, totalMs: 120_000 });
    let over = false;
    const error = failure(Array.fromAsync(subject.text(words, calm(), 'end'))).finally(() => {
      over = true;
    });
    const request = await scene.upstream.received(1);
    await scene.clock.advance(119_000);
    expect(over).toBe(false);
    await scene.clock.advance(1_000);
    expect(await error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
  });

  it.each<[string, Script]>([
    [
      'in the middle of its JSON',
      (_request, response) => {
        response.writeHead(200, JSON_HEAD).write('{"choices":[');
      },
    ],
    ['in the middle of a stream', stalling(TEXT)],
  ])('when it falls silent %s', async (_where, script) => {
    const error = await failure(hear([script], { idleMs: 30_000 }));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await scene.upstream.requests[0]?.over;
    expect(scene.upstream.requests[0]?.closedByClientAt).toBeDefined();
  });

  it('when its caller leaves: the connection is closed', async () => {
    const subject = await scene.openAi([silent]);
    const caller = new AbortController();
    const error = failure(Array.fromAsync(subject.text(words, caller.signal, 'end')));
    const request = await scene.upstream.received(1);
    caller.abort();
    expect(await error).toMatchObject({ code: 'CANCELLED' });
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
  });
});

describe('an answer to a strict schema', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, n: { type: 'number' } },
    required: ['name', 'n'],
    additionalProperties: false,
  };
  const asked: TextRequest = { ...words, format: { type: 'json_schema', name: 'named', strict: true, schema } };
  const [fitting, other] = ['{"name":"a","n":1}', '{"name":5}'];

  async function ask(scripts: readonly Script[], reads: 'end' | 'pieces', request = asked): Promise<TextEvent[]> {
    const subject = await scene.openAi(scripts);
    return scene.soon(Array.fromAsync(subject.text(request, calm(), reads)));
  }

  it('is asked for once more when it does not fit, and both are charged', async () => {
    const last = (await ask([answering(other, {}), answering(fitting, {})], 'end')).at(-1);
    expect(last).toMatchObject({ type: 'done', text: fitting, usage: { inputTokens: 22, outputTokens: 14 } });
    expect(JSON.stringify(scene.upstream.requests[1]?.body)).toContain('n: is missing');
  });

  it('is a failure when it does not fit twice', async () => {
    const fault = await failure(ask([answering(other, {})], 'end'));
    expect(fault).toMatchObject({ fault: 'unfit' });
    expect(scene.upstream.requests).toHaveLength(2);
  });

  it('is a failure when somebody has read it, after what it cost was told', async () => {
    const subject = await scene.openAi([answering(other, {})]);
    const heard: TextEvent[] = [];
    const hearing = async (): Promise<void> => {
      for await (const event of subject.text(asked, calm(), 'pieces')) heard.push(event);
    };
    const fault = await failure(hearing());
    expect(fault).toMatchObject({ fault: 'unfit' });
    expect(heard.at(-1)).toMatchObject({ used: { inputTokens: 11, outputTokens: 7 } });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it.each([
    ['fits', answering(fitting, {}), asked],
    ['was cut at its limit', answering('{"name":"a', { finish: 'length' }), asked],
    ['was promised nothing', answering(other, {}), words],
  ])('is passed on when it %s', async (_how, script, request) => {
    expect((await ask([script], 'end', request)).at(-1)).toMatchObject({ type: 'done' });
    expect(scene.upstream.requests).toHaveLength(1);
  });
});
