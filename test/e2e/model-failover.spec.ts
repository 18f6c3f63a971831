import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BEGINNING, comeBackIn60s, failed, recorded, rejected, whole } from '../support/failing-models.ts';
import type { Caller } from '../support/model-callers.ts';
import { breakingDown, saying, standardAnthropic } from '../support/scripted-anthropic.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { answering, failing, refusing, replying, resetting } from '../support/scripted-upstream-scripts.ts';
import { type UpstreamService, upstreamService, wellBehaved } from '../support/upstream-service.ts';

/** Of one answer, as `two-providers.yaml` prices it, nanodollars. */
const COSTS = { openai: 11 * 1_000 + 7 * 2_000, anthropic: 11 * 3_000 + 7 * 5_000 } as const;
const OTHER = { openai: 'anthropic', anthropic: 'openai' } as const;
type Provider = keyof typeof COSTS;

const OPENAI_CALLERS = [
  'a conversation',
  'a streamed conversation',
  'a response',
  'a streamed response',
  'a response of the background',
] as const;
/** A draft has no say in who answers: `openai` is configured first. */
const CALLERS: Readonly<Record<Provider, readonly Caller[]>> = {
  openai: ['a draft', 'a streamed draft', ...OPENAI_CALLERS],
  anthropic: OPENAI_CALLERS,
};

describe('a call with two hosted providers', () => {
  const scripts: Record<Provider, Script> = { openai: wellBehaved, anthropic: standardAnthropic };
  let anthropic: ScriptedUpstream;
  let world: UpstreamService;
  beforeAll(async () => {
    anthropic = await ScriptedUpstream.start([(request, response) => scripts.anthropic(request, response)], 0);
    world = await upstreamService({
      MODEL_PROVIDERS: 'openai,anthropic',
      ANTHROPIC_BASE_URL: anthropic.origin,
      ANTHROPIC_API_KEY: 'upstream-key',
      MODELS_FILE: join(import.meta.dirname, '../support/two-providers.yaml'),
    });
    world.script((request, response) => scripts.openai(request, response));
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await anthropic?.close();
  });

  const asked = (): Record<Provider, number> => ({
    openai: world.upstream.requests.length,
    anthropic: anthropic.requests.length,
  });

  /** Asks while the first provider fails; how that ended, who was asked how often, and what it cost. */
  async function ask(caller: Caller, first: Provider, failure: Script) {
    const before = { calls: asked(), ...(await recorded(world)) };
    const working = scripts[first];
    scripts[first] = failure;
    const { status, code, pieces } = await world.ask(caller, { model: `${first}-first` });
    scripts[first] = working;
    const { openai, anthropic } = asked();
    const { cost } = await recorded(world);
    const calls = { openai: openai - before.calls.openai, anthropic: anthropic - before.calls.anthropic };
    return { caller, status, code, pieces, calls, cost: cost - before.cost };
  }

  const cases: readonly [Provider, string, Script, number][] = [
    ['openai', 'fails for ever', failing(500, {}), 3],
    ['openai', 'resets its connections', resetting(''), 3],
    ['openai', 'asks for a long pause', comeBackIn60s, 1],
    ['openai', 'refuses its key', failing(401, {}), 1],
    ['openai', 'answers in another content type', replying(200, { 'content-type': 'text/html' }, '<p>'), 1],
    ['anthropic', 'is overloaded', failing(529, {}), 3],
    ['anthropic', 'breaks down before its first word', breakingDown(''), 3],
    ['anthropic', 'does not know its model', failing(404, {}), 1],
  ];

  it.each(cases)(
    'is answered by the other one when %s %s, at the price of who answers',
    async (first, _how, failure, tries) => {
      const other = OTHER[first];
      for (const caller of CALLERS[first]) {
        const ending = await ask(caller, first, failure);
        const calls = { [first]: tries, [other]: 1 };
        expect(ending).toMatchObject({ caller, ...whole, calls, cost: COSTS[other] });
        // Once it works again it is asked again, and nobody else.
        expect(await ask(caller, first, scripts[first])).toMatchObject({
          ...whole,
          calls: { [first]: 1, [other]: 0 },
          cost: COSTS[first],
        });
      }
    },
  );

  it.each<[Provider, Script]>([
    ['openai', resetting(BEGINNING)],
    ['anthropic', breakingDown(BEGINNING)],
  ])(
    'is not answered by the other one once %s has said a word: it fails, and costs what was heard',
    async (first, failure) => {
      for (const caller of CALLERS[first]) {
        const { pieces, cost, ...ending } = await ask(caller, first, failure);
        expect(ending).toEqual({ caller, ...failed, calls: { [first]: 1, [OTHER[first]]: 0 } });
        expect(pieces > 0).toBe(/stream|background/.test(caller));
        expect(cost).toBeGreaterThan(0);
        expect(await ask(caller, first, scripts[first])).toMatchObject(whole);
      }
    },
  );

  it.each<[Provider, Script]>([
    ['openai', failing(400, {})],
    ['anthropic', failing(413, {})],
  ])('is not answered by the other one when %s finds fault with the request itself', async (first, failure) => {
    for (const caller of OPENAI_CALLERS) {
      const ending = await ask(caller, first, failure);
      expect(ending).toMatchObject({ caller, ...rejected, calls: { [first]: 1, [OTHER[first]]: 0 }, cost: 0 });
    }
  });

  it.each<[Provider, Script]>([
    ['openai', refusing('No.', {})],
    ['openai', answering('', { finish: 'content_filter' })],
    ['anthropic', saying('', { stopReason: 'refusal' })],
  ])('is not answered by the other one when %s declines, and costs what was counted', async (first, refusal) => {
    for (const caller of CALLERS[first]) {
      const ending = await ask(caller, first, refusal);
      const end = caller.includes('draft') ? failed : { status: 200 };
      const calls = { [first]: 1, [OTHER[first]]: 0 };
      expect(ending).toMatchObject({ caller, ...end, calls, cost: COSTS[first] });
    }
  });

  it('that both fail ends in the failure of the last, and costs nothing', async () => {
    scripts.anthropic = failing(529, {});
    for (const caller of CALLERS.openai)
      expect(await ask(caller, 'openai', failing(500, {}))).toMatchObject({ ...failed, cost: 0 });
  });
});
