import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys } from '../support/app.ts';
import {
  BEGINNING,
  comeBackIn60s,
  expectEnding,
  failed,
  failingModels,
  IMPATIENT,
  limited,
  misreadForm,
  recorded,
  rejectingOurs,
  slowToBegin,
  stallingModels,
  tenMegabytes,
  whole,
} from '../support/failing-models.ts';
import { failing, resetting, stalling } from '../support/scripted-upstream-scripts.ts';
import { type UpstreamService, upstreamService, wellBehaved } from '../support/upstream-service.ts';

const DRAFTS = ['a draft', 'a streamed draft'] as const;

describe('a draft of a model that', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService({});
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each([...failingModels, rejectingOurs, misreadForm, tenMegabytes])(
    '$does ends as the table says',
    async (model) => {
      for (const caller of DRAFTS) await expectEnding(world, caller, model);
    },
  );

  it('is slow to begin waits for it, while others are served', async () => {
    for (const caller of DRAFTS) await expectEnding(world, caller, slowToBegin(world));
  });

  it('asks for a long pause hands it on to its caller', async () => {
    world.script(comeBackIn60s);
    for (const caller of DRAFTS) expect(await world.ask(caller)).toMatchObject({ ...limited, retryAfter: 60 });
  });

  it('its caller cancels is closed upstream within a second, and charged what was heard', async () => {
    const before = { spent: await world.spent(), calls: world.upstream.requests.length };
    world.script(stalling(BEGINNING));
    const headers = { ...bearer(keys.user), 'content-type': 'application/json' };
    const body = JSON.stringify({ brief: 'Should the harbour buy a second crane this year, or mend the old one?' });
    const response = await fetch(`${world.base}/assist/draft-graph/stream`, { method: 'POST', headers, body });
    const request = await world.upstream.received(before.calls + 1);
    const reader = response.body?.getReader();
    for (let seen = ''; !seen.includes('"partial"'); )
      seen += Buffer.from((await reader?.read())?.value ?? '').toString();
    const id = response.headers.get('x-stream-id');
    const cancelledAt = Date.now();
    await fetch(`${world.base}/v1/streams/${id}`, { method: 'DELETE', headers: bearer(keys.user) });
    await request.over;
    expect(Number(request.closedByClientAt) - cancelledAt).toBeLessThan(1_000);
    let rest = '';
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      rest += Buffer.from(part.value).toString();
    expect(rest).toContain('event: error');
    expect((await world.spent()).tokens - before.spent.tokens).toBeGreaterThan(BEGINNING.length / 5);
    await recorded(world);
  });
});

describe('a draft of a model', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService(IMPATIENT);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(stallingModels)('that $does, ends as the table says', async (model) => {
    for (const caller of DRAFTS) await expectEnding(world, caller, model);
  });
});

describe('a call with a second provider', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService({ MODEL_PROVIDERS: 'openai,embedded' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    ['500', failing(500, {})],
    ['a reset', resetting('')],
  ])('goes to it after %s before the first word, and costs what it does', async (_how, script) => {
    world.script(script);
    for (const ending of [await world.draft(), await world.stream()]) expect(ending).toMatchObject(whole);
    const { cost, tokens } = await world.spent();
    expect(cost).toBe(0);
    expect(tokens).toBeGreaterThan(0);
    await recorded(world);
    expect(await world.recorded()).toMatchObject([{ model: 'countersign-embedded-1' }]);
    world.script(wellBehaved);
  });

  it('does not go to it once a word was heard: the stream ends in the error, with what it showed', async () => {
    world.script(resetting(BEGINNING));
    const ending = await world.stream();
    expect(ending).toMatchObject(failed);
    expect(ending.pieces).toBeGreaterThan(0);
    await recorded(world);
  });
});
