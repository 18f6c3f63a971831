import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keys } from '../support/app.ts';
import { answering, drafting, sampleDraft, stalling } from '../support/scripted-upstream-scripts.ts';
import { until } from '../support/until.ts';
import { INPUT_COST, OUTPUT_COST, upstreamService, wellBehaved } from '../support/upstream-service.ts';

type World = Awaited<ReturnType<typeof upstreamService>>;

/** Dollars, and the same in nanodollars: less than a long draft costs. */
const LIMIT = '0.0025';
const LIMIT_NANO = 2_500_000;
/** More nanodollars than the service reads of the scripted model at once. */
const CHUNK = 64 * OUTPUT_COST;

/** What the only principal of a tenant that called has cost, once all of it is recorded: also beyond its limit. */
async function recordedCost(world: World, key: string, tenant: string): Promise<number> {
  const spent = await world.spent(key);
  const recorded = async () => (await world.recorded(tenant)).reduce((sum, { cost }) => sum + cost, 0);
  await until('all of it is recorded', async () => (await recorded()) >= spent.cost);
  return recorded();
}

describe('what may be spent on models', () => {
  let world: World;
  beforeAll(async () => {
    world = await upstreamService({ COST_LIMIT_PER_DAY: LIMIT });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('is charged as the provider counted, at its price, and shown with the limits', async () => {
    await world.draft();
    const cost = 11 * INPUT_COST + 7 * OUTPUT_COST;
    expect(await world.spent()).toEqual({ tokens: 18, cost });
    await until('it is recorded', async () => (await world.recorded()).length > 0);
    expect(await world.recorded()).toEqual([{ model: 'scripted-1', calls: 1, tokens: 18, cost }]);
    const limits = await fetch(`${world.base}/v1/limits`, { headers: { authorization: `Bearer ${keys.user}` } });
    expect(Object(await limits.json()).cost_quota).toEqual({
      currency: 'USD',
      limit: '0.0025',
      remaining: '0.002475',
      reserved: '0',
      resets_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T00:00:00\.000Z$/),
    });
    const metrics = await (await fetch(`${world.base}/metrics`)).text();
    expect(metrics).toContain('countersign_model_cost_usd_total 0.000025');
  });

  it('ends a stream before the piece that costs more than is left, and closes the connection to its model', async () => {
    world.script(drafting(sampleDraft(40), { paceMs: 1, charactersPerChunk: 16, usage: null }));
    const asked = world.upstream.requests.length;
    const ending = await world.stream();
    expect(ending).toMatchObject({ status: 429, code: 'QUOTA_EXHAUSTED' });
    expect(ending.pieces).toBeGreaterThan(0);
    expect(ending.retryAfter).toBeGreaterThan(0);
    expect(ending.problem).toMatchObject({ details: { limit_of: 'principal', currency: 'USD', limit: LIMIT } });
    const call = await world.upstream.received(asked + 1);
    await call.over;
    expect(call.closedByClientAt).toBeDefined();
    const cost = await recordedCost(world, keys.user, 'acme');
    expect(cost).toBeLessThanOrEqual(LIMIT_NANO);
    expect(cost).toBeGreaterThan(LIMIT_NANO - CHUNK);
  });

  it('is refused to whoever has none left, before anything is sent, until the day ends', async () => {
    const asked = world.upstream.requests.length;
    for (const ending of [await world.draft(), await world.stream()]) {
      expect(ending).toMatchObject({ status: 429, code: 'QUOTA_EXHAUSTED' });
      expect(ending.retryAfter).toBeGreaterThan(0);
    }
    expect(world.upstream.requests).toHaveLength(asked);
  });

  it('of another principal and of another tenant is their own', async () => {
    world.script(wellBehaved);
    expect([await world.draft(keys.user2), await world.draft(keys.foreign)]).toMatchObject([
      { status: 200 },
      { status: 200 },
    ]);
  });

  it('is not overspent by many calls at once', async () => {
    world.script(answering(JSON.stringify(sampleDraft(2)), { usage: null }));
    const rush = await Promise.all(Array.from({ length: 12 }, () => world.draft(keys.foreign)));
    const statuses = rush.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await recordedCost(world, keys.foreign, 'globex')).toBeLessThanOrEqual(LIMIT_NANO);
  });

  it('is given back by a call that is held up and then cancelled, but for what was sent and heard', async () => {
    const before = await world.spent(keys.user2);
    world.script(stalling('{"nodes":['));
    const leave = new AbortController();
    const headers = { authorization: `Bearer ${keys.user2}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ brief: 'Should the harbour buy a second crane this year, or mend the old one?' });
    const init = { method: 'POST', headers, body, signal: leave.signal };
    const drafted = fetch(`${world.base}/assist/draft-graph`, init).catch(() => undefined);
    await until('it holds money', async () => (await world.reserved(keys.user2)).cost > 256 * OUTPUT_COST);
    leave.abort();
    await drafted;
    const { cost } = await world.spent(keys.user2);
    expect(cost).toBeGreaterThan(before.cost);
    expect(cost - before.cost).toBeLessThan(256 * OUTPUT_COST + LIMIT_NANO / 2);
  });
});

describe('a model whose price nobody told', () => {
  it('is not called for whoever may spend so much and no more', async () => {
    await using world = await upstreamService({ MODELS_FILE: '', COST_LIMIT_PER_DAY: LIMIT });
    for (const ending of [await world.draft(), await world.stream()]) {
      expect(ending).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(ending.problem).toMatchObject({ details: { reason: 'price_unknown' } });
    }
    expect(world.upstream.requests).toHaveLength(0);
    expect(await world.spent()).toEqual({ tokens: 0, cost: 0 });
  });
});
