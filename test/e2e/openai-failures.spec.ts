import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys } from '../support/app.ts';
import {
  comeBackIn60s,
  expectEnding,
  failingModels,
  IMPATIENT,
  limited,
  recorded,
  rejecting,
  slowToBegin,
  stallingModels,
  tenMegabytes,
  tenMegabytesAtOnce,
  whole,
} from '../support/failing-models.ts';
import { ROUTE } from '../support/model-callers.ts';
import { ROUTED, type UpstreamService, upstreamService, wellBehaved } from '../support/upstream-service.ts';

const CHATS = ['a conversation', 'a streamed conversation'] as const;
const RESPONSES = ['a response', 'a streamed response', 'a response of the background'] as const;
/** Of the longest response, 1.5 million characters, estimated. */
const RESPONSE_TOKENS = 375_000;
const CALLERS = [...CHATS, ...RESPONSES];

describe('a conversation or a response of a model that', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService({});
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each([...failingModels, rejecting])('$does ends as the table says', async (model) => {
    for (const caller of CALLERS) await expectEnding(world, caller, model);
  });

  it('is slow to begin waits for it, while others are served', async () => {
    for (const caller of CALLERS) await expectEnding(world, caller, slowToBegin(world));
  });

  it.each([tenMegabytes, tenMegabytesAtOnce])('$does is a conversation of ten megabytes', async (model) => {
    for (const caller of CHATS) await expectEnding(world, caller, model);
  });

  it.each([tenMegabytes, tenMegabytesAtOnce])(
    '$does is an incomplete response, charged what was heard',
    async (model) => {
      for (const caller of RESPONSES) {
        const before = await recorded(world);
        world.script(...model.scripts);
        const { status, problem } = await world.ask(caller);
        expect([status, Object(problem).status]).toEqual([200, 'incomplete']);
        const { tokens } = await recorded(world);
        expect(tokens - before.tokens).toBeGreaterThan(RESPONSE_TOKENS);
        if (model === tenMegabytes) expect(tokens - before.tokens).toBeLessThan(1.1 * RESPONSE_TOKENS);
      }
    },
  );

  it('asks for a long pause hands it on where the protocol has a word for that', async () => {
    for (const caller of [...CHATS, 'a response'] as const) {
      world.script(comeBackIn60s);
      expect(await world.ask(caller)).toMatchObject({ ...limited, retryAfter: 60 });
      world.script(wellBehaved);
      expect(await world.ask(caller)).toMatchObject(whole);
    }
  });

  it('has a route is one that callers see, asked by the name it has upstream', async () => {
    const listed = await fetch(`${world.base}/v1/models`, { headers: bearer(keys.user) });
    expect(Object(await listed.json()).data).toContainEqual(expect.objectContaining({ id: ROUTE, owned_by: 'openai' }));
    for (const caller of CALLERS) {
      expect(await world.ask(caller)).toMatchObject(whole);
      expect(Object(world.upstream.requests.at(-1)?.body).model).toBe(ROUTED);
    }
  });
});

describe('a conversation or a response of a model', () => {
  let world: UpstreamService;
  beforeAll(async () => {
    world = await upstreamService(IMPATIENT);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(stallingModels)('that $does, ends as a draft of it does', async (model) => {
    for (const caller of CALLERS) await expectEnding(world, caller, model);
  });
});
