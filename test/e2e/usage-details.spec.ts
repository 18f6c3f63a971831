import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys } from '../support/app.ts';
import { eventsOf } from '../support/drafts.ts';
import { answering } from '../support/scripted-upstream-scripts.ts';
import { INPUT_COST, OUTPUT_COST, upstreamService } from '../support/upstream-service.ts';

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
  let world: Awaited<ReturnType<typeof upstreamService>>;
  beforeAll(async () => {
    world = await upstreamService({ MODELS_FILE: 'test/support/cached-models.yaml' });
    world.script(answering('Yes.', { usage }));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const ask = async (route: string, body: object): Promise<string> => {
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const response = await fetch(world.base + route, {
      ...{ method: 'POST', headers },
      body: JSON.stringify({ model: 'cached-model', ...body }),
    });
    expect(response.status).toBe(200);
    return response.text();
  };
  const chat = { messages: [{ role: 'user', content: 'Is it?' }] };

  it('is told with a completion and with a response, as a stream too', async () => {
    const streaming = { ...chat, stream: true, stream_options: { include_usage: true } };
    const chunks = eventsOf(await ask('/v1/chat/completions', streaming)).map(({ data }) => data);
    expect(JSON.parse(chunks.at(-2) ?? '').usage).toEqual(chatUsage);
    expect(JSON.parse(await ask('/v1/chat/completions', chat)).usage).toEqual(chatUsage);
    expect(JSON.parse(await ask('/v1/responses', { input: 'Is it?' })).usage).toEqual(responseUsage);
    const events = eventsOf(await ask('/v1/responses', { input: 'Is it?', stream: true }));
    expect(JSON.parse(events.at(-2)?.data ?? '').response.usage).toEqual(responseUsage);
  });

  it('is charged whole in tokens, and at the price of cached input in money', async () => {
    const before = await world.spent();
    await ask('/v1/chat/completions', chat);
    const after = await world.spent();
    expect([after.tokens - before.tokens, after.cost - before.cost]).toEqual([150, COST]);
  });
});
