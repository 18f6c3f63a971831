import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { keys } from '../support/app.ts';
import { CALL, FORMED, failure, type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';

const Mill = z.object({ city: z.string(), sails: z.number() });
const asked = { model: TEXT_MODEL, input: 'What comes first?' } as const;
const weather = {
  type: 'function' as const,
  name: 'weather',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

/** What the model was sent, of the last call. */
const sent = (surface: Surface) =>
  Object(surface.upstream.requests.at(-1)?.body) as { readonly messages: readonly object[] };

const numbers = (events: readonly ResponseStreamEvent[]) => events.map((event) => event.sequence_number);
const counted = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('the Responses API with the official client of OpenAI, unmodified', () => {
  let surface: Surface;
  let client: OpenAI;
  beforeAll(async () => {
    surface = await startSurface();
    client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey });
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  it('answers a text, with what it cost', async () => {
    const response = await client.responses.create({ ...asked, instructions: 'Be brief', metadata: { team: 'mills' } });
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: WORDS,
      instructions: 'Be brief',
      metadata: { team: 'mills' },
      usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
      error: null,
      incomplete_details: null,
    });
    expect(sent(surface).messages).toEqual([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'What comes first?' },
    ]);
  });

  it('answers a list of items, images among them', async () => {
    const { output_text } = await client.responses.create({
      model: TEXT_MODEL,
      input: [
        { role: 'developer', content: 'Be brief' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is it?' },
            { type: 'input_image', image_url: PIXEL, detail: 'low' },
          ],
        },
      ],
    });
    expect(output_text).toBe(WORDS);
    expect(JSON.stringify(sent(surface).messages)).toContain(PIXEL);
  });

  it('streams the events in their order, numbered from 0 without holes', async () => {
    const events = await Array.fromAsync(await client.responses.create({ ...asked, stream: true }));
    const types = events.map(({ type }) => type);
    expect(numbers(events)).toEqual(counted(events.length));
    expect([...new Set(types)]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(text).toBe(WORDS);
  });

  it('puts a stream together to the same response as is read later', async () => {
    const stream = client.responses.stream(asked);
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(WORDS);
    const { output, usage, status } = await client.responses.retrieve(final.id);
    expect({ output, usage, status }).toMatchObject({
      output: [{ id: final.output[0]?.id, content: [{ text: WORDS }] }],
      usage: { total_tokens: 18 },
      status: 'completed',
    });
  });

  it('parses structured output', async () => {
    const response = await client.responses.parse({ ...asked, text: { format: zodTextFormat(Mill, 'mill') } });
    expect(response.output_parsed).toEqual(FORMED);
  });

  it('parses structured output of a stream', async () => {
    const stream = client.responses.stream({ ...asked, text: { format: zodTextFormat(Mill, 'mill') } });
    expect((await stream.finalResponse()).output_parsed).toEqual(FORMED);
  });

  it('lets the model call a function, and goes on with what it returned', async () => {
    const input = [{ role: 'user' as const, content: 'How is the weather?' }];
    const first = await client.responses.create({ model: TEXT_MODEL, input, tools: [weather] });
    const [call] = first.output;
    expect(call).toMatchObject({ type: 'function_call', call_id: CALL.id, name: CALL.name, arguments: CALL.arguments });
    const output = { type: 'function_call_output' as const, call_id: CALL.id, output: 'Windy' };
    const last = await client.responses.create({
      model: TEXT_MODEL,
      tools: [weather],
      previous_response_id: first.id,
      input: [output],
    });
    expect(last.output_text).toBe(WORDS);
    expect(sent(surface).messages).toMatchObject([
      { role: 'user', content: 'How is the weather?' },
      { role: 'assistant', tool_calls: [{ id: CALL.id }] },
      { role: 'tool', tool_call_id: CALL.id, content: 'Windy' },
    ]);
  });

  it('streams the call of a function', async () => {
    const stream = client.responses.stream({ ...asked, tools: [weather], tool_choice: 'required' });
    const deltas: string[] = [];
    stream.on('response.function_call_arguments.delta', ({ delta }) => void deltas.push(delta));
    const { output } = await stream.finalResponse();
    expect(deltas.join('')).toBe(CALL.arguments);
    expect(output).toMatchObject([{ type: 'function_call', name: CALL.name, arguments: CALL.arguments }]);
  });

  it('refuses a call without its output, and an output without its call', async () => {
    const { id } = await client.responses.create({ ...asked, tools: [weather] });
    const without = client.responses.create({ ...asked, previous_response_id: id });
    expect(await failure(without)).toBeInstanceOf(BadRequestError);
    const stray = [{ type: 'function_call_output' as const, call_id: 'call_9', output: 'x' }];
    expect(await failure(client.responses.create({ model: TEXT_MODEL, input: stray }))).toMatchObject({
      status: 400,
      param: 'input',
    });
  });

  it('remembers what was said before', async () => {
    const first = await client.responses.create({ ...asked, instructions: 'Only once' });
    await client.responses.create({ model: TEXT_MODEL, input: 'And then?', previous_response_id: first.id });
    expect(sent(surface).messages).toEqual([
      { role: 'user', content: 'What comes first?' },
      { role: 'assistant', content: WORDS },
      { role: 'user', content: 'And then?' },
    ]);
  });

  it('lists what was asked, page by page', async () => {
    const input = ['one', 'two', 'three'].map((content) => ({ role: 'user' as const, content }));
    const { id } = await client.responses.create({ model: TEXT_MODEL, input });
    const items = await Array.fromAsync(client.responses.inputItems.list(id, { limit: 2, order: 'asc' }));
    const said = items.map((item) => ('content' in item ? Object(item.content?.[0]).text : ''));
    expect(said).toEqual(['one', 'two', 'three']);
    const [newest] = (await client.responses.inputItems.list(id, { limit: 1 })).data;
    expect(newest).toMatchObject({ type: 'message', content: [{ type: 'input_text', text: 'three' }] });
  });

  it('forgets what is deleted, and its events', async () => {
    const response = await last(await client.responses.create({ ...asked, stream: true }));
    await client.responses.delete(response.id);
    expect(await failure(client.responses.retrieve(response.id))).toBeInstanceOf(NotFoundError);
    expect(await failure(client.responses.retrieve(response.id, { stream: true }))).toBeInstanceOf(NotFoundError);
    expect(await failure(client.responses.delete(response.id))).toBeInstanceOf(NotFoundError);
    const next = client.responses.create({ ...asked, previous_response_id: response.id });
    expect(await failure(next)).toBeInstanceOf(NotFoundError);
  });

  it.each([false, true])('keeps nothing of a response that is not to be stored (stream: %s)', async (stream) => {
    const answer = await client.responses.create({ ...asked, store: false, stream });
    const { id } = 'id' in answer ? answer : await last(answer);
    expect(await failure(client.responses.retrieve(id))).toBeInstanceOf(NotFoundError);
    expect(await failure(client.responses.create({ ...asked, previous_response_id: id }))).toBeInstanceOf(
      NotFoundError,
    );
  });

  it.each(['user2', 'foreign'] as const)('shows a response to nobody else (%s)', async (key) => {
    const { id } = await client.responses.create(asked);
    const other = new OpenAI({ baseURL: surface.baseURL, apiKey: keys[key] });
    const attempts = [
      other.responses.retrieve(id),
      other.responses.retrieve(id, { stream: true }),
      other.responses.cancel(id),
      other.responses.delete(id),
      other.responses.inputItems.list(id),
      other.responses.create({ ...asked, previous_response_id: id }),
    ];
    for (const attempt of attempts) expect(await failure(attempt)).toBeInstanceOf(NotFoundError);
    expect((await client.responses.retrieve(id)).status).toBe('completed');
  });

  it('resumes a finished stream behind any event', async () => {
    const events = await Array.fromAsync(await client.responses.create({ ...asked, stream: true }));
    const { id } = Object(events[0]).response as Response;
    for (const after of [0, 3, events.length - 2]) {
      const rest = await client.responses.retrieve(id, { stream: true, starting_after: after });
      expect(await Array.fromAsync(rest)).toEqual(events.slice(after + 1));
    }
    const whole = client.responses.stream({ response_id: id, starting_after: 4 });
    expect((await whole.finalResponse()).output_text).toBe(WORDS);
  });

  it('runs in the background: queued, then completed', async () => {
    const queued = await client.responses.create({ ...asked, background: true });
    expect(queued).toMatchObject({ status: 'queued', background: true, output: [] });
    const events = await Array.fromAsync(await client.responses.retrieve(queued.id, { stream: true }));
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ]);
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ content: [{ text: WORDS }] }] },
    });
    expect(await client.responses.retrieve(queued.id)).toMatchObject({ status: 'completed', output_text: WORDS });
  });

  it('says what is wrong with a request', async () => {
    const wrong: unknown = { model: TEXT_MODEL, input: [{ role: 'user', content: [{ type: 'input_audio' }] }] };
    const call = client.responses.create(wrong as OpenAI.Responses.ResponseCreateParamsNonStreaming);
    expect(await failure(call)).toMatchObject({ status: 400, type: 'invalid_request_error', code: 'invalid_value' });
    const hosted = client.responses.create({ ...asked, tools: [{ type: 'web_search' }] });
    expect(await failure(hosted)).toBeInstanceOf(BadRequestError);
    expect(await failure(client.responses.create({ ...asked, model: 'no-such' }))).toBeInstanceOf(NotFoundError);
  });
});

async function last(stream: AsyncIterable<ResponseStreamEvent>): Promise<Response> {
  const events = await Array.fromAsync(stream);
  return Object(events.at(-1)).response as Response;
}
