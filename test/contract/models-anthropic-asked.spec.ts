import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TextRequest } from '#src/models/provider.port.js';
import { saying } from '../support/scripted-anthropic.ts';
import { failing, silent } from '../support/scripted-upstream-scripts.ts';
import { failure, KEY } from './models-support.ts';
import { calm, UpstreamScene, words } from './upstream-scene.ts';

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

const sent = async (request: TextRequest): Promise<Record<string, unknown>> => {
  await scene.hear([saying('{"city":"Oslo"}', {})], request);
  return Object((await scene.upstream.received(1)).body);
};

describe('what Claude is asked', () => {
  it('goes to /v1/messages with the key and the version of the API', async () => {
    const body = await sent({ ...words, model: 'claude-2' });
    const { path, headers } = await scene.upstream.received(1);
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
    const events = await scene.hear([fenced], { ...words, format: { type: 'json' } });
    expect(events.at(-1)).toMatchObject({ text: json });
    expect(Object((await scene.upstream.received(1)).body).system).toMatch(/one JSON object/);
  });

  it('with a schema the API does not take is asked in words', async () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const body = await sent({ ...words, format: { type: 'json_schema', name: 'list', schema } });
    expect(body['output_config']).toBeUndefined();
    expect(body['system']).toContain(JSON.stringify(schema));
  });

  it('without its temperature once the model has refused to be told one', async () => {
    const subject = await scene.claude([failing(400, {}), saying('warm', {})]);
    const warm = { ...words, temperature: 0.2 };
    expect((await scene.soon(Array.fromAsync(subject.text(warm, calm())))).at(-1)).toMatchObject({ text: 'warm' });
    await scene.soon(Array.fromAsync(subject.text(warm, calm())));
    const told = scene.upstream.requests.map(({ body }) => Object(body).temperature);
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
    expect(await failure(scene.hear([saying('x', {})], request))).toMatchObject({ code: 'BAD_INPUT' });
    expect(scene.upstream.requests).toHaveLength(0);
  });

  it('embeddings are not to be had', async () => {
    const subject = await scene.claude([silent]);
    expect(subject.models).toEqual(['claude-1', 'claude-2'].map((id) => ({ id, kind: 'text', provider: 'anthropic' })));
    await expect(subject.embed({ texts: ['a'] }, calm())).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
