import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TextEvent, TextRequest, ToolCall } from '#src/models/provider.port.js';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, calling, delivering } from '../support/scripted-upstream-scripts.ts';
import { gathered } from './models-support.ts';
import { calm, UpstreamScene } from './upstream-scene.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const asked: TextRequest = {
  messages: [{ role: 'user', content: 'What is the weather?' }],
  tools: [{ name: 'weather', parameters }],
};

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

async function ask(script: Script, request: TextRequest = asked): Promise<TextEvent[]> {
  const provider = await scene.openAi([script]);
  return scene.soon(Array.fromAsync(provider.text(request, calm())));
}

const sent = async (request: TextRequest): Promise<Record<string, unknown>> => {
  await ask(answering('{"city":"Oslo"}', {}), request);
  return Object((await scene.upstream.received(1)).body);
};

describe('what a model is asked', () => {
  it('is everything that the request says', async () => {
    const body = await sent({
      ...asked,
      toolChoice: { name: 'weather' },
      parallelToolCalls: false,
      format: { type: 'json_schema', name: 'reply', schema: parameters, strict: true },
      maxOutputTokens: 9,
      temperature: 0,
      topP: 0.5,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.2,
      reasoningEffort: 'low',
    });
    expect(body).toEqual({
      model: 'text-1',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'What is the weather?' }],
      tools: [{ type: 'function', function: { name: 'weather', parameters } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: parameters, strict: true } },
      max_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      stop: ['END'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: -0.2,
      reasoning_effort: 'low',
    });
  });

  it('says nothing of what the request leaves open', async () => {
    const body = await sent({ messages: asked.messages, toolChoice: 'auto', parallelToolCalls: true });
    expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'stream', 'stream_options']);
  });

  it('may be JSON of any shape', async () => {
    expect(await sent({ ...asked, format: { type: 'json' }, toolChoice: 'required' })).toMatchObject({
      response_format: { type: 'json_object' },
      tool_choice: 'required',
    });
  });

  it('holds images, calls and what the tools returned', async () => {
    const { messages } = await sent({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And here?' },
            { type: 'image', url: 'data:image/png;base64,AAAA', detail: 'low' },
            { type: 'image', url: 'https://example.com/a.png' },
          ],
        },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'weather', arguments: '{}' }] },
        { role: 'tool', callId: 'c1', content: 'rain' },
        { role: 'assistant', content: 'It rains.' },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And here?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'assistant', content: 'It rains.' },
    ]);
  });
});

describe('tool calls', () => {
  const prague = { id: 'c1', name: 'weather', arguments: '{"city":"Praha 🏰","days":[1,2]}' };
  const brno = { id: 'c2', name: 'weather', arguments: '{"city":"Brno"}' };
  const piece = (call: object, args: unknown) => ({ ...call, function: { arguments: args } });
  const whole = ({ id, name, arguments: args }: ToolCall, more: object = {}) => ({
    ...more,
    id,
    type: 'function',
    function: { name, arguments: args },
  });
  const tools = (...calls: unknown[]) => ({ tool_calls: calls });

  it.each<[string, Script]>([
    ['in pieces', calling([prague, brno], { charactersPerChunk: 3 })],
    ['byte by byte', calling([prague, brno], { bytesPerWrite: 1 })],
    ['all at once', delivering([tools(whole(prague, { index: 0 }), whole(brno, { index: 1 }))], {})],
    ['all at once and without a place', delivering([tools(whole(prague), whole(brno))], {})],
    [
      'one a chunk, all in place 0',
      delivering(
        [prague, brno].map((call) => tools(whole(call, { index: 0 }))),
        {},
      ),
    ],
    [
      'in turns',
      delivering(
        [
          tools(whole({ ...prague, arguments: '{"city":' }, { index: 4 })),
          tools(whole({ ...brno, arguments: '{"city"' }, { index: 9 })),
          tools(piece({ index: 4 }, '"Praha 🏰",'), piece({ index: 9 }, ':"Brno"}')),
          tools(piece({ index: 4 }, '"days":[1,2]}')),
        ],
        { finish: 'tool_calls' },
      ),
    ],
    [
      'in pieces without a place',
      delivering(
        [
          tools(whole({ ...prague, arguments: '{"city":"Praha 🏰"' })),
          tools(piece({}, ',"days":[1,2]}')),
          tools(whole({ ...brno, arguments: '{"city"' })),
          tools(piece({ id: 'c1' }, ''), piece({ id: 'c2' }, ':"Brno"}')),
        ],
        { finish: 'tool_calls' },
      ),
    ],
    [
      'with arguments before the name',
      delivering(
        [
          tools({ index: 0, id: 'c1', function: { arguments: prague.arguments } }),
          tools({ index: 0, function: { name: 'weather' } }),
          tools(whole(brno, { index: 1 })),
        ],
        { finish: 'tool_calls' },
      ),
    ],
    [
      'with arguments that are no text',
      delivering(
        [tools(whole(prague), piece({ id: 'c2' }, { city: 'Brno' }), { id: 'c2', function: { name: 'weather' } })],
        {},
      ),
    ],
  ])('are heard %s', async (_how, script) => {
    const events = await ask(script);
    expect(gathered(events)).toEqual([prague, brno]);
    expect(events.at(-1)).toMatchObject({ type: 'done', text: '', toolCalls: [prague, brno], finish: 'tools' });
  });

  it('may follow words', async () => {
    const events = await ask(delivering([{ content: 'Let me ' }, { content: 'look.' }, tools(whole(brno))], {}));
    expect(events.at(-1)).toMatchObject({ text: 'Let me look.', toolCalls: [brno], finish: 'tools' });
  });

  it('without an id get one of their own', async () => {
    const nameless = (...args: string[]) =>
      tools(...args.map((each) => ({ function: { name: 'weather', arguments: each } })));
    const events = await ask(delivering([nameless('{"city":"a"}', '{"city":"b"}')], {}));
    const ids = gathered(events).map(({ id }) => id);
    expect(ids.every((id) => /^call_./.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });

  it('without arguments have an empty object of them', async () => {
    const events = await ask(delivering([tools({ id: 'c1', function: { name: 'now' } })], {}));
    expect(gathered(events)).toEqual([{ id: 'c1', name: 'now', arguments: '{}' }]);
    expect(events.at(-1)).toMatchObject({ toolCalls: gathered(events) });
  });

  it('that were cut off are told as far as they came', async () => {
    const events = await ask(calling([{ ...prague, arguments: '{"city":"Pra' }], { finish: 'length' }));
    expect(events.at(-1)).toMatchObject({
      finish: 'length',
      toolCalls: [{ id: 'c1', name: 'weather', arguments: '{"city":"Pra' }],
    });
  });

  it('cost what they say', async () => {
    const events = await ask(calling([brno], { usage: null }));
    const outputs = events.flatMap((event) => (event.type === 'tool_delta' ? [event.used.outputTokens] : []));
    expect(outputs).toEqual(outputs.toSorted((a, b) => a - b));
    const bytes = 'weather'.length + brno.arguments.length;
    expect(events.at(-1)).toMatchObject({ usage: { outputTokens: Math.ceil(bytes / 4) } });
  });

  it.each([
    ['without a name', tools({ index: 0, id: 'c1', function: { arguments: '{}' } })],
    ['of another shape', { tool_calls: 'weather' }],
    ['with a place that is none', tools({ index: -1, id: 'c1', function: { name: 'weather' } })],
  ])('%s are refused', async (_why, delta) => {
    await expect(ask(delivering([delta], {}))).rejects.toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'malformed' });
  });

  it('without number and without an order are told apart in time that grows with their count', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ id: `c${index}`, function: { name: 'f' } }));
    const events = await ask(delivering([tools(...many)], {}));
    expect(gathered(events)).toHaveLength(20_000);
  });
});
