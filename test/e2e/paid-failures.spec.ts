import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTED, failed, recorded, TWICE } from '../support/failing-models.ts';
import {
  answering,
  completing,
  delivering,
  embedding,
  failing,
  replying,
} from '../support/scripted-upstream-scripts.ts';
import { INPUT_COST, type UpstreamService, upstreamService } from '../support/upstream-service.ts';

const COUNTS = { prompt_tokens: 11, completion_tokens: 7 };
const NAMELESS = { index: 0, id: 'call_1', function: { arguments: '{}' } };
/** One more than a provider is asked for at once. */
const TEXTS = Array.from({ length: 65 }, () => 'tea');
const FIRST_BATCH = 64 * 'tea'.length;

describe('what a provider has counted is charged', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService({});
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function costOf(ask: () => Promise<unknown>) {
    const before = await recorded(world);
    await ask();
    const { tokens, cost } = await recorded(world);
    return { tokens: tokens - before.tokens, cost: cost - before.cost };
  }

  async function embed(input: readonly string[]): Promise<number> {
    const answer = await world.post('/v1/embeddings', { model: 'text-embedding-3-small', input });
    await answer.text();
    return answer.status;
  }

  it('of a batch of texts, when the next one fails', async () => {
    world.script(embedding(4), failing(401, {}));
    const cost = await costOf(async () => expect(await embed(TEXTS)).toBe(502));
    expect(cost).toEqual({ tokens: FIRST_BATCH, cost: FIRST_BATCH * INPUT_COST });
  });

  it('of vectors that nobody asked for', async () => {
    const answer = { data: [{ index: 7, embedding: [1] }], usage: { prompt_tokens: 5 } };
    world.script(replying(200, { 'content-type': 'application/json' }, JSON.stringify(answer)));
    const cost = await costOf(async () => expect(await embed(['tea'])).toBe(502));
    expect(cost).toEqual({ tokens: 5, cost: 5 * INPUT_COST });
  });

  it('of nobody who asks for a model that is not there, and it is that which they hear', async () => {
    const answer = await world.post('/v1/embeddings', { model: 'gpt-0', input: 'tea' });
    expect([answer.status, Object(await answer.json()).error]).toMatchObject([
      404,
      { type: 'invalid_request_error', code: 'model_not_found', param: 'model' },
    ]);
  });

  it('of all batches, once, when each is answered', async () => {
    world.script(embedding(4));
    const cost = await costOf(async () => expect(await embed(TEXTS)).toBe(200));
    expect(cost).toEqual({ tokens: 65 * 3, cost: 65 * 3 * INPUT_COST });
  });

  it.each([
    ['a stream', delivering([{ content: 'Let me see.' }, { tool_calls: [NAMELESS] }], {})],
    ['one piece', completing({ choices: [{ message: { tool_calls: [NAMELESS] } }], usage: COUNTS })],
  ])('of an answer that calls a tool without a name, as %s', async (_how, script) => {
    world.script(script);
    const messages = [{ role: 'user', content: 'Is it tea?' }];
    const ask = () => world.post('/v1/chat/completions', { model: 'house-model', messages });
    expect(await costOf(async () => expect((await ask()).status).toBe(502))).toEqual(COUNTED);
  });

  it('of a repair that calls a tool without a name, beside what it repairs', async () => {
    world.script(answering('Certainly!', {}), delivering([{ tool_calls: [NAMELESS] }], {}));
    expect(await costOf(async () => expect(await world.draft()).toMatchObject(failed))).toEqual(TWICE);
  });

  it('of a draft that was cut before its first word', async () => {
    world.script(answering('', { finish: 'length' }));
    expect(await costOf(async () => expect(await world.draft()).toMatchObject(failed))).toEqual(COUNTED);
  });

  it('of a draft that has the wrong shape twice', async () => {
    world.script(answering('', {}));
    expect(await costOf(async () => expect(await world.stream()).toMatchObject(failed))).toEqual(TWICE);
  });

  it('of a draft whose repair fails', async () => {
    world.script(answering('Certainly!', {}), failing(401, {}));
    expect(await costOf(async () => expect(await world.draft()).toMatchObject(failed))).toEqual(COUNTED);
  });
});
