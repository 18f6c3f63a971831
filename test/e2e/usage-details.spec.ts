import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsOf } from '../support/drafts.ts';
import { answering, delivering, embedding, failing, silent } from '../support/scripted-upstream-scripts.ts';
import { INPUT_COST, OUTPUT_COST, type UpstreamService, upstreamService } from '../support/upstream-service.ts';

const usage = {
  ...{ prompt_tokens: 100, completion_tokens: 50 },
  prompt_tokens_details: { cached_tokens: 80 },
  completion_tokens_details: { reasoning_tokens: 40 },
};
const chatUsage = { ...usage, total_tokens: 150 };
const responseUsage = {
  ...{ input_tokens: 100, output_tokens: 50, total_tokens: 150 },
  input_tokens_details: { cached_tokens: 80 },
  output_tokens_details: { reasoning_tokens: 40 },
};
/** Four fifths of the input at a tenth of its price. */
const COST = 20 * INPUT_COST + (80 * INPUT_COST) / 10 + 50 * OUTPUT_COST;

describe('what a model says of its tokens', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService({ MODELS_FILE: 'test/support/cached-models.yaml' });
    world.script(answering('Yes.', { usage }));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const ask = async (route: string, body: object, status = 200): Promise<string> => {
    const response = await world.post(route, { model: 'cached-model', ...body });
    expect(response.status).toBe(status);
    return response.text();
  };
  const chat = { messages: [{ role: 'user', content: 'Is it?' }] };

  it('is told with a completion and with a response, as a stream too', async () => {
    const streaming = { ...chat, stream: true, stream_options: { include_usage: true } };
    const chunks = eventsOf(await ask('/v1/chat/completions', streaming)).map(({ data }) => data);
    expect(JSON.parse(chunks.at(-2) ?? '').usage).toEqual(chatUsage);
    expect(chunks.slice(0, -2).map((chunk) => JSON.parse(chunk).usage)).toEqual(chunks.slice(0, -2).map(() => null));
    expect(JSON.parse(await ask('/v1/chat/completions', chat)).usage).toEqual(chatUsage);
    expect(JSON.parse(await ask('/v1/responses', { input: 'Is it?' })).usage).toEqual(responseUsage);
    const events = eventsOf(await ask('/v1/responses', { input: 'Is it?', stream: true }));
    expect(JSON.parse(events.at(-2)?.data ?? '').response.usage).toEqual(responseUsage);
  });

  it('is nothing of a response that failed before the first word, and told', async () => {
    world.script(failing(400, {}));
    const events = eventsOf(await ask('/v1/responses', { input: 'Is it?', stream: true }));
    expect(JSON.parse(events.at(-2)?.data ?? '').response).toMatchObject({
      status: 'failed',
      usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    });
    world.script(answering('Yes.', { usage }));
  });

  it('is told with a response that failed after its model had counted it', async () => {
    const nameless = { index: 0, id: 'call_1', function: { arguments: '{}' } };
    world.script(delivering([{ content: 'Let me see.' }, { tool_calls: [nameless] }], { usage }));
    const events = eventsOf(await ask('/v1/responses', { input: 'Is it?', stream: true }));
    const { status, usage: told } = JSON.parse(events.at(-2)?.data ?? '').response;
    expect([status, told.total_tokens]).toEqual(['failed', 150]);
    world.script(answering('Yes.', { usage }));
  });

  it('is what was charged for a response that is cancelled before the first word', async () => {
    const before = await world.spent();
    world.script(silent);
    const asked = world.upstream.requests.length + 1;
    const { id } = JSON.parse(await ask('/v1/responses', { input: 'Is it tea?', background: true }));
    await world.upstream.received(asked);
    const { status, usage: told } = JSON.parse(await ask(`/v1/responses/${id}/cancel`, {}));
    const { tokens } = await world.spent();
    expect(tokens).toBeGreaterThan(before.tokens);
    expect([status, told.total_tokens]).toEqual(['cancelled', tokens - before.tokens]);
    world.script(answering('Yes.', { usage }));
  });

  it('is nothing of embeddings with other dimensions than asked for, which are a failure', async () => {
    world.script(embedding(3));
    const asked = { model: 'text-embedding-3-small', input: 'tea', dimensions: 2 };
    expect(JSON.parse(await ask('/v1/embeddings', asked, 502)).code).toBe('UPSTREAM_FAILED');
    expect(JSON.parse(await ask('/v1/embeddings', { ...asked, dimensions: 3 })).data[0].embedding).toHaveLength(3);
    world.script(answering('Yes.', { usage }));
  });

  it('is charged whole in tokens, and at the price of cached input in money', async () => {
    const before = await world.spent();
    await ask('/v1/chat/completions', chat);
    const after = await world.spent();
    expect([after.tokens - before.tokens, after.cost - before.cost]).toEqual([150, COST]);
  });
});
