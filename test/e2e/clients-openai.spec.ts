import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { keys } from '../support/app.ts';
import {
  CALL,
  EMBEDDING_MODEL,
  FORMED,
  failure,
  type Surface,
  startSurface,
  TEXT_MODEL,
  WORDS,
} from '../support/openai-surface.ts';

const EMBEDDED = 'countersign-embedded-1';
const EMBED = 'countersign-embed-1';
const messages = [{ role: 'user', content: 'What comes first?' }] as const satisfies readonly object[];
const asked = { model: TEXT_MODEL, messages: [...messages] };
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const Mill = z.object({ city: z.string(), sails: z.number() });

const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

describe('the official client of OpenAI, unmodified', () => {
  let surface: Surface;
  let client: OpenAI;
  beforeAll(async () => {
    surface = await startSurface();
    client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey });
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  it('lists the models', async () => {
    const ids = (await Array.fromAsync(await client.models.list())).map(({ id }) => id);
    expect(ids).toEqual([EMBEDDED, EMBED, TEXT_MODEL, EMBEDDING_MODEL]);
  });

  it('describes a model', async () => {
    expect(await client.models.retrieve(EMBEDDED)).toMatchObject({
      id: EMBEDDED,
      object: 'model',
      owned_by: 'embedded',
    });
  });

  it('embeds a text as floats', async () => {
    const { data, usage } = await client.embeddings.create({ model: EMBED, input: 'tea', encoding_format: 'float' });
    expect([data.length, data[0]?.embedding.length, usage.prompt_tokens]).toEqual([1, 256, 1]);
  });

  it('embeds texts as base64, its default, to the same vectors in their order', async () => {
    const input = ['the mill stands in Kent', 'the mill is in Kent', 'tax law of Peru'];
    const packed = await client.embeddings.create({ model: EMBED, input });
    const plain = await client.embeddings.create({ model: EMBED, input, encoding_format: 'float' });
    const [one, near, far] = packed.data.map(({ embedding }) => embedding);
    for (const [at, { embedding }] of plain.data.entries())
      expect(cosine(embedding, packed.data[at]?.embedding ?? [])).toBeCloseTo(1, 5);
    expect(cosine(one ?? [], near ?? [])).toBeGreaterThan(cosine(one ?? [], far ?? []));
  });

  it('embeds in as many dimensions as asked for', async () => {
    const { data } = await client.embeddings.create({ model: EMBED, input: 'tea', dimensions: 16 });
    expect(data[0]?.embedding.length).toBe(16);
  });

  it('embeds with an upstream model', async () => {
    const { data, model } = await client.embeddings.create({ model: EMBEDDING_MODEL, input: ['tea', 'tea', 'coffee'] });
    expect([data.length, data[0]?.embedding.length, model]).toEqual([3, 8, 'scripted-embed-1']);
    expect(data[0]?.embedding).toEqual(data[1]?.embedding);
  });

  it.each<[string, number[] | number[][], number[][]]>([
    ['one text', [15_339, 1], [[15_339, 1]]],
    ['several', [[15_339], [7, 8]], [[15_339], [7, 8]]],
  ])('embeds %s in token ids with the model whose they are', async (_what, input, sent) => {
    const calls = surface.upstream.requests.length;
    const { data } = await client.embeddings.create({ model: EMBEDDING_MODEL, input });
    expect(data).toHaveLength(sent.length);
    expect(Object((await surface.upstream.received(calls + 1)).body).input).toEqual(sent);
  });

  it('embeds as many token ids as the OpenAI API takes, and refuses more', async () => {
    const chunks = (count: number) => Array.from({ length: count }, () => Array.from({ length: 250 }, () => 7));
    const { data } = await client.embeddings.create({ model: EMBEDDING_MODEL, input: chunks(1_200) });
    expect(data).toHaveLength(1_200);
    await expect(client.embeddings.create({ model: EMBEDDING_MODEL, input: chunks(1_300) })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('is answered', async () => {
    const { choices, usage, model } = await client.chat.completions.create(asked);
    expect(choices).toMatchObject([{ message: { role: 'assistant', content: WORDS }, finish_reason: 'stop' }]);
    expect([usage, model]).toMatchObject([{ prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }, 'scripted-1']);
  });

  it('is answered by the embedded model from what it says itself', async () => {
    const system = 'The mill stands in Kent. The mill was built in 1820.';
    const { choices, usage } = await client.chat.completions.create({
      model: EMBEDDED,
      messages: [
        { role: 'developer', content: system },
        { role: 'user', content: [{ type: 'text', text: 'Tell me about the mill.' }] },
      ],
    });
    expect([choices[0]?.message.content, usage?.total_tokens]).toEqual([system, 32]);
  });

  it('hears that an answer was cut at the limit it set', async () => {
    const request = { ...asked, model: EMBEDDED, messages: [{ role: 'user' as const, content: 'The mill is old.' }] };
    const { choices, usage } = await client.chat.completions.create({ ...request, max_completion_tokens: 1 });
    expect([choices[0]?.finish_reason, usage?.completion_tokens]).toEqual(['length', 1]);
  });

  it('streams an answer', async () => {
    const stream = await client.chat.completions.create({ ...asked, stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(WORDS);
    expect([chunks[0]?.choices[0]?.delta.role, chunks.at(-1)?.choices[0]?.finish_reason]).toEqual([
      'assistant',
      'stop',
    ]);
    expect([new Set(chunks.map(({ id }) => id)).size, chunks.length > 5]).toEqual([1, true]);
  });

  it('streams what it cost, when asked', async () => {
    const stream = await client.chat.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    const last = (await Array.fromAsync(stream)).at(-1);
    expect([last?.choices, last?.usage]).toMatchObject([
      [],
      { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    ]);
  });

  it('gathers a stream into the answer', async () => {
    const runner = client.chat.completions.stream(asked);
    const pieces: string[] = [];
    runner.on('content', (delta) => pieces.push(delta));
    expect([await runner.finalContent(), pieces.join('')]).toEqual([WORDS, WORDS]);
  });

  it('is asked to call a tool, and returns what the tool said', async () => {
    const first = await client.chat.completions.create({ ...asked, tools: [weather], tool_choice: 'auto' });
    const [choice] = first.choices;
    const { id, name, arguments: json } = CALL;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: json } }] },
    });
    if (choice === undefined) return;
    const result = { role: 'tool' as const, tool_call_id: id, content: 'Rain' };
    const second = await client.chat.completions.create({
      ...asked,
      tools: [weather],
      messages: [...asked.messages, choice.message, result],
    });
    expect(second.choices[0]?.message.content).toBe(WORDS);
    expect(surface.upstream.requests.at(-1)?.body).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id, function: { name, arguments: json } }] },
        result,
      ],
    });
  });

  it('is asked to call a tool in a stream', async () => {
    const runner = client.chat.completions.stream({ ...asked, tools: [weather] });
    const message = await runner.finalMessage();
    const { id, name, arguments: json } = CALL;
    expect(message.tool_calls).toMatchObject([{ id, type: 'function', function: { name, arguments: json } }]);
  });

  it('runs its tool loop to the end', async () => {
    const cities: string[] = [];
    const runner = client.chat.completions.runTools({
      ...asked,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Says the weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse,
            function: ({ city }: { city: string }) => {
              cities.push(city);
              return 'Rain';
            },
          },
        },
      ],
    });
    expect([await runner.finalContent(), cities]).toEqual([WORDS, ['Kent']]);
  });

  it('parses a structured answer', async () => {
    const request = { ...asked, response_format: zodResponseFormat(Mill, 'mill') };
    const { choices } = await client.chat.completions.parse(request);
    expect(choices[0]?.message.parsed).toEqual(FORMED);
    expect(surface.upstream.requests.at(-1)?.body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'mill', schema: { required: ['city', 'sails'] } } },
    });
  });

  it('sends an image, and every setting of an answer', async () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    await client.chat.completions.create({
      ...asked,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url, detail: 'low' } }] }],
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      seed: 7,
      stop: ['END'],
      max_tokens: 50,
    });
    expect(surface.upstream.requests.at(-1)?.body).toMatchObject({
      messages: [{ content: [{ type: 'image_url', image_url: { url, detail: 'low' } }] }],
      ...{ temperature: 0.5, top_p: 0.9, presence_penalty: 0.1, frequency_penalty: 0.2, seed: 7, stop: ['END'] },
      max_tokens: 50,
    });
  });

  it('reads limits and ids of an answer', async () => {
    const { response, request_id } = await client.chat.completions.create(asked).withResponse();
    const limits = ['requests', 'tokens'].map((what) => Number(response.headers.get(`x-ratelimit-remaining-${what}`)));
    expect(limits.every((left) => left > 0)).toBe(true);
    expect(request_id).toBe(response.headers.get('x-request-id'));
  });

  it.each<[string, number, string, new (...given: never[]) => APIError, (at: OpenAI) => Promise<unknown>]>([
    [
      'an unknown key',
      401,
      'invalid_api_key',
      AuthenticationError,
      (at) => at.withOptions({ apiKey: 'cs_nobody_nothing' }).chat.completions.create(asked),
    ],
    [
      'a role that may not call models',
      403,
      'forbidden',
      PermissionDeniedError,
      (at) => at.withOptions({ apiKey: keys.auditor }).chat.completions.create(asked),
    ],
    ['an unknown model', 404, 'model_not_found', NotFoundError, (at) => at.models.retrieve('gpt-0')],
    [
      'a chat with an unknown model',
      404,
      'model_not_found',
      NotFoundError,
      (at) => at.chat.completions.create({ ...asked, model: 'gpt-0' }),
    ],
    [
      'a stream of an unknown model',
      404,
      'model_not_found',
      NotFoundError,
      (at) => at.chat.completions.create({ ...asked, model: 'gpt-0', stream: true }),
    ],
    [
      'two answers at once',
      400,
      'invalid_value',
      BadRequestError,
      (at) => at.chat.completions.create({ ...asked, n: 2 }),
    ],
    [
      'no messages',
      400,
      'invalid_value',
      BadRequestError,
      (at) => at.chat.completions.create({ ...asked, messages: [] }),
    ],
    [
      'token ids where there are none',
      400,
      'invalid_value',
      BadRequestError,
      (at) => at.embeddings.create({ model: EMBED, input: [1, 2] }),
    ],
    [
      'an embedding of a text model',
      404,
      'model_not_found',
      NotFoundError,
      (at) => at.embeddings.create({ model: EMBEDDED, input: 'a' }),
    ],
    [
      'too large a body',
      413,
      'payload_too_large',
      APIError,
      (at) => at.embeddings.create({ model: EMBED, input: 'x'.repeat(11 * 1_048_576) }),
    ],
  ])('gets an error of its own class for %s', async (_what, status, code, kind, call) => {
    const error = await failure(call(client));
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, code, type: 'invalid_request_error' });
  });

  it('learns which field is wrong, and why', async () => {
    const error = await failure(client.chat.completions.create({ ...asked, n: 2 }));
    expect(error).toMatchObject({ param: 'n', message: '400 The request has invalid fields: n: One answer a call' });
  });

  it('waits as long as a limit says, and is answered then', async () => {
    await using tight = await startSurface(undefined, { RATE_LIMIT_RPM: '60', RATE_LIMIT_BURST: '1' });
    const hurried = new OpenAI({ baseURL: tight.baseURL, apiKey: tight.apiKey });
    await hurried.models.list();
    const refused = await failure(hurried.models.list({ maxRetries: 0 }));
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
    expect((await hurried.models.list({ maxRetries: 5 })).data.length).toBe(4);
  });
});
