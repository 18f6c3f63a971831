import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SystemClock } from '#src/kernel/index.js';
import { AnthropicProvider } from '#src/models/adapters/anthropic/anthropic-provider.js';
import type { StructuredRequest } from '#src/models/provider.port.js';
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
import { failing, resetting, streaming } from '../support/scripted-upstream-scripts.ts';
import { modelProviderContract, shownOf } from './models.contract.ts';
import { anthropicSettingsFor, failure, gathered, quiet } from './models-support.ts';
import { calm, TEXT, UpstreamScene, words } from './upstream-scene.ts';

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

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

describe('what Claude says', () => {
  it.each<[string, MessageTelling]>([
    ['byte by byte', { bytesPerWrite: 1 }],
    ['in pieces of three bytes, through characters', { bytesPerWrite: 3, charactersPerChunk: 2 }],
    ['with CRLF', { lineEnd: '\r\n', bytesPerWrite: 7 }],
    ['without message_stop', { ending: '' }],
    ['with events after message_stop', { ending: 'data: {"type":"message_stop"}\n\ndata: not json\n\n' }],
  ])('is heard %s', async (_how, how) => {
    expect((await scene.hear([saying(TEXT, how)])).at(-1)).toEqual({
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
    const events = await scene.hear([telling([thinkingBlock('Hm.'), textBlock('Tea. '), textBlock('Green.')], {})]);
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
    expect((await scene.hear([saying('x', { stopReason })])).at(-1)).toMatchObject({ finish });
  });

  it('counts what the cache held as input, whenever it is told', async () => {
    const cached = { cache_creation_input_tokens: 100, cache_read_input_tokens: 2_000 };
    const usage = { inputTokens: 2_111, outputTokens: 7 };
    const early = await scene.hear([saying('x', { startUsage: { input_tokens: 11, output_tokens: 1, ...cached } })]);
    expect(early.at(-1)).toMatchObject({ usage });
    const endUsage = { input_tokens: 11, output_tokens: 7, ...cached };
    const late = await scene.hear([saying('x', { startUsage: { input_tokens: 0 }, endUsage })]);
    expect(late.at(-1)).toMatchObject({ usage });
  });

  it('may be calls of tools, in pieces, after words', async () => {
    const calls = [
      { id: 'toolu_1', name: 'weather', arguments: '{"city":"Praha 🏰"}' },
      { id: 'toolu_2', name: 'now', arguments: '{}' },
    ];
    const blocks = [textBlock('Let me look.'), toolBlock('toolu_1', 'weather', '{"city":"Praha 🏰"}', 3)];
    const events = await scene.hear([
      telling([...blocks, toolBlock('toolu_2', 'now', '')], { stopReason: 'tool_use' }),
    ]);
    expect(gathered(events)).toEqual(calls);
    expect(events.at(-1)).toMatchObject({ text: 'Let me look.', toolCalls: calls, finish: 'tools' });
  });

  it('may be a call told at once, and tools of the upstream’s own are none of ours', async () => {
    const own = {
      start: { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} },
      deltas: [{ partial_json: '{}' }],
    };
    const whole = { start: { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Brno' } }, deltas: [] };
    const events = await scene.hear([telling([own, whole], { stopReason: 'tool_use' })]);
    expect(gathered(events)).toEqual([{ id: 't1', name: 'weather', arguments: '{"city":"Brno"}' }]);
  });
});

describe('a structured answer of Claude', () => {
  const Small = z.object({ tea: z.string(), sugar: z.number().min(0).optional() });
  const small: StructuredRequest = { task: 'tea', input: {}, system: 's', prompt: 'p', schema: Small };
  const drawUp = async (scripts: readonly Script[], request = small) =>
    scene.soon(Array.fromAsync((await scene.claude(scripts)).structured(request, calm()))).then(shownOf);

  it('is asked for by its schema', async () => {
    await drawUp([saying('{"tea":"green"}', {})]);
    expect((await scene.upstream.received(1)).body).toEqual({
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
    const { messages } = Object((await scene.upstream.received(2)).body);
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: '{"tea":5}' },
      { role: 'user', content: expect.stringContaining('tea: ') },
    ]);
  });

  it('that is nothing is repaired, too: the API takes no empty words', async () => {
    await drawUp([telling([], {}), saying('{"tea":"green"}', {})]);
    expect(Object((await scene.upstream.received(2)).body).messages[1]).toEqual({
      role: 'assistant',
      content: '(nothing)',
    });
  });

  it('that is declined is a failure of its own', async () => {
    const error = await failure(drawUp([saying('', { stopReason: 'refusal' })]));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'declined' });
  });

  it('of a shape the API does not take is asked for in words, and checked here', async () => {
    const counts = { ...small, schema: z.record(z.string(), z.number()) };
    const events = await drawUp([saying('```json\n{"a":1}\n```', { charactersPerChunk: 2 })], counts);
    expect(events.at(-1)).toMatchObject({ value: { a: 1 }, repairs: 0 });
    expect(Object((await scene.upstream.received(1)).body).system).toMatch(/^s\n\nAnswer with one JSON value/);
  });
});

describe('Claude that declines', () => {
  it('says what it said until then, and what it cost', async () => {
    const events = await scene.hear([saying('Tea', { stopReason: 'refusal' })]);
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      text: 'Tea',
      finish: 'filtered',
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });
});

describe('Claude in trouble', () => {
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
    expect(await failure(scene.hear([script]))).toMatchObject({ code: 'UPSTREAM_FAILED', fault });
    expect(scene.upstream.requests).toHaveLength(tries);
  });

  it.each<[string, Script, object]>([
    ['a request it does not like', failing(400, {}), { code: 'BAD_INPUT', fault: 'rejected' }],
    ['too many requests', failing(429, {}), { code: 'RATE_LIMITED', fault: 'limited' }],
  ])('by %s fails in words for its caller', async (_why, script, expected) => {
    expect(await failure(scene.hear([script]))).toMatchObject(expected);
  });

  it('by a reader who leaves in mid-answer has its connection closed within a second', async () => {
    const controller = new AbortController();
    const events = (await scene.claude([fallingSilent(TEXT)])).text(words, controller.signal);
    await events.next();
    controller.abort();
    const left = Date.now();
    expect(await failure(events.next())).toMatchObject({ code: 'CANCELLED' });
    const request = await scene.upstream.received(1);
    await request.over;
    expect(Number(request.closedByClientAt) - left).toBeLessThan(1_000);
  });

  it('says nothing of the key, the address or the upstream’s words in errors and logs', async () => {
    const subject = await scene.claude([failing(529, {}), breakingDown(''), failing(401, {}), breakingDown('sk-leak')]);
    const errors = [];
    for (let round = 0; round < 2; round++) {
      const error = await scene.soon(failure(Array.fromAsync(subject.text(words, calm()))));
      errors.push([String(error), JSON.stringify(error), String(Object(error).cause)]);
    }
    expect(scene.upstream.requests).toHaveLength(4);
    expect(scene.lines.map(({ provider: name }) => name)).toEqual(['anthropic', 'anthropic']);
    expect(JSON.stringify([errors, scene.lines])).not.toMatch(/planted|sk-|upstream words|127\.0\.0\.1/);
  });
});
