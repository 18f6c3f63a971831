import { describe, expect, it } from '@jest/globals';
import { LEASE_MS, ledgerWorld } from '../../../test/support/ledger-world.ts';

const out = (outputTokens: number) => ({ inputTokens: 0, outputTokens });

describe('the meter of a call whose cost is limited', () => {
  /** A nanodollar a token of input, ten a token of output. */
  const price = { input: 1_000, output: 10_000 };
  const COST_LIMIT = 5_000;
  const world = () => ledgerWorld('enforce', COST_LIMIT);

  it('holds what the question and the next tokens cost, and settles what they did', async () => {
    const { open, balance, costBalance, records } = world();
    const meter = await open(100, price);
    await meter.begin(100, price);
    expect([await balance(), await costBalance()]).toEqual([
      [0, 356],
      [0, 2_660],
    ]);
    await meter.grow({ inputTokens: 100, outputTokens: 30 });
    await meter.end({ inputTokens: 90, outputTokens: 20 }, 'm');
    expect([await balance(), await costBalance()]).toEqual([
      [110, 0],
      [290, 0],
    ]);
    expect(records.listed).toMatchObject([{ inputTokens: 90, outputTokens: 20, cost: 290 }]);
  });

  it('ends it before the piece that costs more than is left, and charges nobody for that', async () => {
    const { open, costBalance, counts } = world();
    const meter = await open(0, price);
    for (let tokens = 50; tokens <= 500; tokens += 50) await meter.grow(out(tokens));
    await expect(meter.grow(out(501))).rejects.toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      message: 'This principal may spend 0.000005 USD on models in a day',
      retryAfterMs: Date.parse('2026-01-03T00:00:00Z') - Date.parse('2026-01-02T03:04:05.678Z'),
      extensions: { details: { limit_of: 'principal', currency: 'USD', limit: '0.000005', remaining: '0' } },
    });
    await meter.stop('failed');
    expect(await costBalance()).toEqual([COST_LIMIT, 0]);
    expect(counts.tokens).toMatchObject({ refused: 1, cost: COST_LIMIT });
  });

  it('lets no call begin whose question costs too much, though its tokens are there', async () => {
    const { open, balance, costBalance } = world();
    await expect(open(100, { input: 50_000_000, output: 1 })).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect([await balance(), await costBalance()]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('lets none begin whose price nobody knows', async () => {
    const { open, balance } = world();
    await expect(open(1)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      extensions: { details: { reason: 'price_unknown' } },
    });
    const meter = await open(1, price);
    await expect(meter.begin(1, undefined)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await meter.stop('failed');
    expect(await balance()).toEqual([0, 0]);
  });

  it('lets one begin that costs nothing when all money is spent', async () => {
    const { open } = world();
    const dear = await open(0, price);
    await dear.end(out(500), 'm');
    await expect(open(0, price)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    const free = await open(0, { input: 0, output: 0 });
    expect(await free.grow(out(400))).toBe(undefined);
  });

  it('counts each attempt at the price of its provider', async () => {
    const { open, costBalance } = world();
    const meter = await open(10, price);
    await meter.begin(10, price);
    await meter.grow({ inputTokens: 10, outputTokens: 5 });
    meter.again();
    await meter.begin(10, { input: 2_000, output: 0 });
    await meter.grow({ inputTokens: 10, outputTokens: 9 });
    await meter.end({ inputTokens: 10, outputTokens: 9 }, 'm');
    expect(await costBalance()).toEqual([60 + 20, 0]);
  });

  it('in shadow mode refuses nothing, and counts what has a price', async () => {
    const { open, costBalance } = ledgerWorld('shadow', COST_LIMIT);
    await (await open(0, price)).end(out(900), 'm');
    const unpriced = await open(0);
    expect(unpriced.needsPrice).toBe(false);
    await unpriced.end(out(900), 'm');
    expect(await costBalance()).toEqual([9_000, 0]);
  });

  it('charges later what it could not charge at once, in tokens and in money', async () => {
    const { open, clock, hot, balance, costBalance } = world();
    const meter = await open(0, price);
    hot.down = true;
    await meter.end(out(25), 'm');
    await clock.advance(LEASE_MS);
    hot.down = false;
    await clock.advance(LEASE_MS);
    expect([await balance(), await costBalance()]).toEqual([
      [25, 0],
      [250, 0],
    ]);
  });
});

describe('the meter of a call whose cost has no limit', () => {
  it('asks no price, and writes down what is known', async () => {
    const { open, records, costBalance } = ledgerWorld();
    const meter = await open(10);
    expect(meter.needsPrice).toBe(false);
    await meter.begin(10, { input: 3_000, output: 0 });
    await meter.end({ inputTokens: 10, outputTokens: 1 }, 'm');
    expect(records.listed).toMatchObject([{ cost: 30 }]);
    expect(await costBalance()).toEqual([0, 0]);
  });
});
