import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SystemClock } from '#src/kernel/index.js';
import { AnthropicProvider } from '#src/models/adapters/anthropic/anthropic-provider.js';
import type { AnthropicSettings } from '#src/models/adapters/anthropic/anthropic-settings.js';
import type { StructuredRequest, TextEvent, TextRequest } from '#src/models/provider.port.js';
import { FakeClock } from '../support/fake-clock.ts';
import {
  breakingDown,
  fallingSilent,
  type MessageTelling,
  saying,
  standardAnthropic,
  telling,
  textBlock,
  thinkingBlock,
  toolBlock,
} from '../support/scripted-anthropic.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { failing, resetting, silent, streaming } from '../support/scripted-upstream-scripts.ts';
import { modelProviderContract, shownOf } from './models.contract.ts';
import {
  anthropicSettingsFor,
  failure,
  gathered,
  KEY,
  type Line,
  quiet,
  recordingLog,
  whileTimePasses,
} from './models-support.ts';

const STEP_MS = 10_000;
const TEXT = 'Šálek čaje 🍵, then "quotes" and \\ slashes';
const words: TextRequest = { messages: [{ role: 'user', content: 'Say it' }] };
const calm = (): AbortSignal => new AbortController().signal;

describe('AnthropicProvider', () => {
  let upstream: ScriptedUpstream;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start([standardAnthropic], 0);
  });

  afterAll(() => upstream.close());

  it.each(Object.entries(modelProviderContract))('%s', (_title, check) =>
    check(new AnthropicProvider(anthropicSettingsFor(upstream.origin), new SystemClock(), quiet)),
  );
});

let upstream: ScriptedUpstream;
let clock: FakeClock;
let lines: Line[];

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
});

async function provider(scripts: readonly Script[], near: Partial<AnthropicSettings> = {}): Promise<AnthropicProvider> {
  upstream = await ScriptedUpstream.start(scripts, 0);
  return new AnthropicProvider(anthropicSettingsFor(upstream.origin, near), clock, recordingLog(lines));
}

const soon = <T>(work: Promise<T>): Promise<T> => whileTimePasses(clock, STEP_MS, work);
const ask = async (scripts: readonly Script[], request = words): Promise<TextEvent[]> =>
  soon(Array.fromAsync((await provider(scripts)).text(request, calm())));
const sent = async (request: TextRequest): Promise<Record<string, unknown>> => {
  await ask([saying('{"city":"Oslo"}', {})], request);
  return Object((await upstream.received(1)).body);
};

describe('what Claude says', () => {
  afterEach(() => upstream.close());

  it.each<[string, MessageTelling]>([
    ['byte by byte', { bytesPerWrite: 1 }],
    ['in pieces of three bytes, through characters', { bytesPerWrite: 3, charactersPerChunk: 2 }],
    ['with CRLF', { lineEnd: '\r\n', bytesPerWrite: 7 }],
    ['without message_stop', { ending: '' }],
    ['with events after message_stop', { ending: 'data: {"type":"message_stop"}\n\ndata: not json\n\n' }],
  ])('is heard %s', async (_how, how) => {
    expect((await ask([saying(TEXT, how)])).at(-1)).toEqual({
      type: 'done',
      text: TEXT,
      toolCalls: [],
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 7 },
      model: 'scripted-claude-1',
      provider: 'anthropic',
    });
  });

  it('is its answer and not what it thought', async () => {
    const events = await ask([telling([thinkingBlock('Hm.'), textBlock('Tea. '), textBlock('Green.')], {})]);
    expect(events.at(-1)).toMatchObject({ text: 'Tea. Green.' });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['something new', 'stop'],
  ])('ends by %s as %s', async (stopReason, finish) => {
    expect((await ask([saying('x', { stopReason })])).at(-1)).toMatchObject({ finish });
  });

  it('counts what the cache held as input, whenever it is told', async () => {
    const cached = { cache_creation_input_tokens: 100, cache_read_input_tokens: 2_000 };
    const usage = { inputTokens: 2_111, outputTokens: 7 };
    const early = await ask([saying('x', { startUsage: { input_tokens: 11, output_tokens: 1, ...cached } })]);
    expect(early.at(-1)).toMatchObject({ usage });
    await upstream.close();
    const endUsage = { input_tokens: 11, output_tokens: 7, ...cached };
    const late = await ask([saying('x', { startUsage: { input_tokens: 0 }, endUsage })]);
    expect(late.at(-1)).toMatchObject({ usage });
  });

  it('may be calls of tools, in pieces, after words', async () => {
    const calls = [
      { id: 'toolu_1', name: 'weather', arguments: '{"city":"Praha 🏰"}' },
      { id: 'toolu_2', name: 'now', arguments: '{}' },
    ];
    const blocks = [textBlock('Let me look.'), toolBlock('toolu_1', 'weather', '{"city":"Praha 🏰"}', 3)];
    const events = await ask([telling([...blocks, toolBlock('toolu_2', 'now', '')], { stopReason: 'tool_use' })]);
    expect(gathered(events)).toEqual(calls);
    expect(events.at(-1)).toMatchObject({ text: 'Let me look.', toolCalls: calls, finish: 'tools' });
  });

  it('may be a call told at once, and tools of the upstream’s own are none of ours', async () => {
    const own = {
      start: { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} },
      deltas: [{ partial_json: '{}' }],
    };
    const whole = { start: { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Brno' } }, deltas: [] };
    const events = await ask([telling([own, whole], { stopReason: 'tool_use' })]);
    expect(gathered(events)).toEqual([{ id: 't1', name: 'weather', arguments: '{"city":"Brno"}' }]);
  });
});

describe('what Claude is asked', () => {
  afterEach(() => upstream.close());

  it('goes to /v1/messages with the key and the version of the API', async () => {
    const body = await sent({ ...words, model: 'claude-2' });
    const { path, headers } = await upstream.received(1);
    expect(path).toBe('/v1/messages');
    expect(headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' });
    expect(headers.authorization).toBeUndefined();
    expect(body).toEqual({
      model: 'claude-2',
      stream: true,
      max_tokens: 4_096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Say it' }] }],
    });
  });

  it('holds every setting that has a counterpart', async () => {
    const city = { type: 'object', properties: { city: { type: 'string', minLength: 1 } }, required: ['city'] };
    const body = await sent({
      ...words,
      tools: [
        { name: 'weather', description: 'Tells it', parameters: city, strict: true },
        { name: 'log', parameters: { additionalProperties: true }, strict: true },
      ],
      toolChoice: 'required',
      parallelToolCalls: false,
      format: { type: 'json_schema', name: 'reply', schema: city, strict: true },
      maxOutputTokens: 9,
      temperature: 1.7,
      topP: 0.5,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      reasoningEffort: 'minimal',
    });
    const closed = {
      type: 'object',
      properties: { city: { type: 'string', description: '(at least 1 characters)' } },
      required: ['city'],
      additionalProperties: false,
    };
    expect(body).toMatchObject({
      tools: [
        { name: 'weather', description: 'Tells it', input_schema: closed, strict: true },
        { name: 'log', input_schema: { type: 'object', additionalProperties: true } },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      max_tokens: 9,
      temperature: 1,
      stop_sequences: ['END'],
      output_config: { effort: 'low', format: { type: 'json_schema', schema: closed } },
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['top_p']));
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['seed']));
  });

  it.each<[TextRequest['toolChoice'], unknown]>([
    [undefined, undefined],
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    [{ name: 'f' }, { type: 'tool', name: 'f' }],
  ])('chooses tools by %j', async (toolChoice, expected) => {
    const tools = [{ name: 'f', parameters: {} }];
    const body = await sent({ ...words, tools, ...(toolChoice === undefined ? {} : { toolChoice }) });
    expect(body['tool_choice']).toEqual(expected);
  });

  it('is a conversation in turns: images, calls, and all results of one turn together', async () => {
    const body = await sent({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: '' },
            { type: 'image', url: 'data:image/png;base64,AAAA', detail: 'low' },
            { type: 'image', url: 'https://example.com/a.png' },
          ],
        },
        {
          role: 'assistant',
          content: '',
          toolCalls: [
            { id: 'call:1', name: 'f', arguments: '{"a":1}' },
            { id: 'c2', name: 'f', arguments: 'not json' },
          ],
        },
        { role: 'tool', callId: 'call:1', content: 'one' },
        { role: 'tool', callId: 'c2', content: '' },
        { role: 'user', content: 'So?' },
        { role: 'system', content: 'In Czech.' },
      ],
    });
    expect(body).toMatchObject({
      system: 'Be brief.\n\nIn Czech.',
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } },
            { type: 'tool_use', id: 'c2', name: 'f', input: { text: 'not json' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: 'one' },
            { type: 'tool_result', tool_use_id: 'c2', content: '' },
            { type: 'text', text: 'So?' },
          ],
        },
      ],
    });
  });

  it('in JSON of any shape is asked in words, and a fence around the answer is taken off', async () => {
    const json = '{"tea":"``` green"}';
    const fenced = saying(`\`\`\`json\n${json}\n\`\`\`\n`, { charactersPerChunk: 3 });
    const events = await ask([fenced], { ...words, format: { type: 'json' } });
    expect(events.at(-1)).toMatchObject({ text: json });
    expect(Object((await upstream.received(1)).body).system).toMatch(/one JSON object/);
  });

  it('with a schema the API does not take is asked in words', async () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const body = await sent({ ...words, format: { type: 'json_schema', name: 'list', schema } });
    expect(body['output_config']).toBeUndefined();
    expect(body['system']).toContain(JSON.stringify(schema));
  });

  it('without its temperature once the model has refused to be told one', async () => {
    const subject = await provider([failing(400, {}), saying('warm', {})]);
    const warm = { ...words, temperature: 0.2 };
    expect((await soon(Array.fromAsync(subject.text(warm, calm())))).at(-1)).toMatchObject({ text: 'warm' });
    await soon(Array.fromAsync(subject.text(warm, calm())));
    const told = upstream.requests.map(({ body }) => Object(body).temperature);
    expect(told).toEqual([0.2, undefined, undefined]);
  });

  it.each<[string, TextRequest]>([
    [
      'an image of a kind it does not know',
      { messages: [{ role: 'user', content: [{ type: 'image', url: 'data:image/tiff;base64,AAAA' }] }] },
    ],
    [
      'an image that is no data',
      { messages: [{ role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,<>' }] }] },
    ],
    [
      'an image in the clear',
      { messages: [{ role: 'user', content: [{ type: 'image', url: 'http://10.0.0.1/a.png' }] }] },
    ],
    ['an effort nobody knows', { ...words, reasoningEffort: '__proto__' }],
  ])('and %s is refused before anything is sent', async (_what, request) => {
    expect(await failure(ask([saying('x', {})], request))).toMatchObject({ code: 'BAD_INPUT' });
    expect(upstream.requests).toHaveLength(0);
  });

  it('embeddings are not to be had', async () => {
    const subject = await provider([silent]);
    expect(subject.models).toEqual(['claude-1', 'claude-2'].map((id) => ({ id, kind: 'text', provider: 'anthropic' })));
    await expect(subject.embed({ texts: ['a'] }, calm())).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a structured answer of Claude', () => {
  afterEach(() => upstream.close());
  const Small = z.object({ tea: z.string(), sugar: z.number().min(0).optional() });
  const small: StructuredRequest = { task: 'tea', input: {}, system: 's', prompt: 'p', schema: Small };
  const drawUp = async (scripts: readonly Script[], request = small) =>
    soon(Array.fromAsync((await provider(scripts)).structured(request, calm()))).then(shownOf);

  it('is asked for by its schema', async () => {
    await drawUp([saying('{"tea":"green"}', {})]);
    expect((await upstream.received(1)).body).toEqual({
      model: 'claude-1',
      stream: true,
      max_tokens: 4_096,
      system: 's',
      messages: [{ role: 'user', content: 'p' }],
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: { tea: { type: 'string' }, sugar: { type: 'number', description: '(at least 0)' } },
            required: ['tea'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it('that does not fit is repaired once, both rounds counted', async () => {
    const events = await drawUp([saying('{"tea":5}', {}), saying('{"tea":"green"}', {})]);
    expect(events.at(-1)).toMatchObject({
      value: { tea: 'green' },
      repairs: 1,
      usage: { inputTokens: 22, outputTokens: 14 },
    });
    const { messages } = Object((await upstream.received(2)).body);
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: '{"tea":5}' },
      { role: 'user', content: expect.stringContaining('tea: ') },
    ]);
  });

  it('that is nothing is repaired, too: the API takes no empty words', async () => {
    await drawUp([telling([], {}), saying('{"tea":"green"}', {})]);
    expect(Object((await upstream.received(2)).body).messages[1]).toEqual({ role: 'assistant', content: '(nothing)' });
  });

  it('that is declined is a failure of its own', async () => {
    const error = await failure(drawUp([saying('', { stopReason: 'refusal' })]));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'declined' });
  });

  it('of a shape the API does not take is asked for in words, and checked here', async () => {
    const counts = { ...small, schema: z.record(z.string(), z.number()) };
    const events = await drawUp([saying('```json\n{"a":1}\n```', { charactersPerChunk: 2 })], counts);
    expect(events.at(-1)).toMatchObject({ value: { a: 1 }, repairs: 0 });
    expect(Object((await upstream.received(1)).body).system).toMatch(/^s\n\nAnswer with one JSON value/);
  });
});

describe('Claude that declines', () => {
  afterEach(() => upstream.close());

  it('says what it said until then, and what it cost', async () => {
    const events = await ask([saying('Tea', { stopReason: 'refusal' })]);
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      text: 'Tea',
      finish: 'filtered',
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });
});

describe('Claude in trouble', () => {
  afterEach(() => upstream.close());

  it.each<[string, Script, string, number]>([
    ['a model it does not have', failing(404, {}), 'unserved', 1],
    ['a key it does not know', failing(401, {}), 'refused', 1],
    ['being overloaded', failing(529, {}), 'busy', 3],
    ['an error at the start of its stream', breakingDown(''), 'busy', 3],
    ['an error in mid-stream', breakingDown(TEXT), 'busy', 1],
    ['a reset', resetting(''), 'network', 3],
    ['an end in mid-answer', saying(TEXT, { stopReason: null, ending: '' }), 'truncated', 1],
    ['events that are not JSON', streaming('data: sk-leak words\n\n'), 'malformed', 1],
    ['events of another shape', streaming('data: {"type":"message_start","message":"m"}\n\n'), 'malformed', 1],
    ['a call without a name', telling([{ start: { type: 'tool_use', id: 'x' }, deltas: [] }], {}), 'malformed', 1],
  ])('by %s fails clearly', async (_why, script, fault, tries) => {
    expect(await failure(ask([script]))).toMatchObject({ code: 'UPSTREAM_FAILED', fault });
    expect(upstream.requests).toHaveLength(tries);
  });

  it.each<[string, Script, object]>([
    ['a request it does not like', failing(400, {}), { code: 'BAD_INPUT', fault: 'rejected' }],
    ['too many requests', failing(429, {}), { code: 'RATE_LIMITED', fault: 'limited' }],
  ])('by %s fails in words for its caller', async (_why, script, expected) => {
    expect(await failure(ask([script]))).toMatchObject(expected);
  });

  it('by a reader who leaves in mid-answer has its connection closed within a second', async () => {
    const controller = new AbortController();
    const events = (await provider([fallingSilent(TEXT)])).text(words, controller.signal);
    await events.next();
    controller.abort();
    const left = Date.now();
    expect(await failure(events.next())).toMatchObject({ code: 'CANCELLED' });
    const request = await upstream.received(1);
    await request.over;
    expect(Number(request.closedByClientAt) - left).toBeLessThan(1_000);
  });

  it('says nothing of the key, the address or the upstream’s words in errors and logs', async () => {
    const subject = await provider([failing(529, {}), breakingDown(''), failing(401, {}), breakingDown('sk-leak')]);
    const errors = [];
    for (let round = 0; round < 2; round++) {
      const error = await soon(failure(Array.fromAsync(subject.text(words, calm()))));
      errors.push([String(error), JSON.stringify(error), String(Object(error).cause)]);
    }
    expect(upstream.requests).toHaveLength(4);
    expect(lines.map(({ provider: name }) => name)).toEqual(['anthropic', 'anthropic']);
    expect(JSON.stringify([errors, lines])).not.toMatch(/planted|sk-|upstream words|127\.0\.0\.1/);
  });
});
