import { describe, expect, it } from '@jest/globals';
import { LEASE_MS, LIMIT, ledgerWorld } from '../../../test/support/ledger-world.ts';

const out = (outputTokens: number) => ({ inputTokens: 0, outputTokens });

describe('a token meter', () => {
  it('asks the store once for many pieces, and holds little ahead of them', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open();
    await meter.begin(10, undefined);
    expect(await balance()).toEqual([0, 266]);
    for (let tokens = 1; tokens <= 256; tokens++)
      expect(meter.grow({ inputTokens: 10, outputTokens: tokens })).toBe(undefined);
    await meter.grow({ inputTokens: 10, outputTokens: 257 });
    expect(await balance()).toEqual([266, 257]);
    await meter.end({ inputTokens: 9, outputTokens: 250 }, 'm');
    expect(await balance()).toEqual([259, 0]);
  });

  it('uses up what is left to the last token, and charges nobody for the piece that does not fit', async () => {
    const { open, balance, counts } = ledgerWorld();
    const meter = await open();
    for (let tokens = 30; tokens <= 990; tokens += 30) await meter.grow(out(tokens));
    await expect(meter.grow(out(1_020))).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await meter.stop('failed');
    expect(await balance()).toEqual([990, 0]);
    expect(counts.tokens).toMatchObject({ settled: 1, refused: 1, output: 990 });
  });

  it('lets no call begin whose question does not fit, and keeps nothing for it', async () => {
    const { open, balance } = ledgerWorld();
    await expect(open(LIMIT)).rejects.toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      extensions: { details: { limit_of: 'principal', limit: LIMIT } },
    });
    const meter = await open(LIMIT - 1);
    expect(await balance()).toEqual([0, LIMIT]);
    await meter.stop('failed');
    expect(await balance()).toEqual([0, 0]);
  });

  it('says to come back soon while calls under way hold what is left, and tomorrow when it is spent', async () => {
    const { open, clock } = ledgerWorld();
    const meter = await open(900);
    await expect(open(200)).rejects.toMatchObject({ retryAfterMs: 5_000 });
    await meter.end(out(950), 'm');
    const tomorrow = Date.parse('2026-01-03T00:00:00Z') - clock.now();
    await expect(open(200)).rejects.toMatchObject({ retryAfterMs: tomorrow });
  });

  it('keeps its hold through a long silence, and no longer than its lease when nobody renews it', async () => {
    const { open, clock, balance, hot } = ledgerWorld();
    await open();
    await clock.advance(10 * LEASE_MS);
    expect(await balance()).toEqual([0, 256]);
    hot.down = true;
    await clock.advance(LEASE_MS + 1_000);
    expect(await balance()).toEqual([0, 0]);
  });

  it.each([
    ['cancelled', 40],
    ['failed', 0],
  ] as const)('of a call that %s before a word settles %d tokens', async (how, tokens) => {
    const { open, balance, records } = ledgerWorld();
    const meter = await open();
    await meter.begin(40, undefined);
    await meter.stop(how);
    await meter.stop('cancelled');
    expect(await balance()).toEqual([tokens, 0]);
    expect(records.listed.map(({ model, inputTokens }) => [model, inputTokens])).toEqual(
      tokens === 0 ? [] : [['', 40]],
    );
  });

  it('adds up what several providers cost for one call', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open();
    await meter.grow(out(30));
    meter.again();
    await meter.grow(out(5));
    await meter.end(out(7), 'm');
    expect(await balance()).toEqual([37, 0]);
  });

  it('does not believe a provider that counts what nobody can', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open();
    await meter.end({ inputTokens: Number.NaN, outputTokens: -5 }, 'm');
    expect(await balance()).toEqual([0, 0]);
    const other = await open();
    await other.end(out(Number.POSITIVE_INFINITY), 'm');
    expect(await balance()).toEqual([1_000_000_000, 0]);
  });

  it('in shadow mode refuses nothing and charges everything', async () => {
    const { open, balance, counts } = ledgerWorld('shadow');
    const meter = await open(5 * LIMIT);
    await meter.grow(out(3 * LIMIT));
    await meter.end(out(4 * LIMIT), 'm');
    expect(await balance()).toEqual([4 * LIMIT, 0]);
    expect(counts.tokens).toMatchObject({ refused: 0, shadowed: 1 });
  });

  it('charges later what it could not charge at once', async () => {
    const { open, clock, hot, balance } = ledgerWorld();
    const meter = await open();
    await meter.grow(out(20));
    hot.down = true;
    await meter.end(out(25), 'm');
    await clock.advance(5 * LEASE_MS);
    hot.down = false;
    expect((await balance())[0]).toBe(0);
    await clock.advance(LEASE_MS);
    expect(await balance()).toEqual([25, 0]);
    await clock.advance(600_000);
    expect(await balance()).toEqual([25, 0]);
  });

  it('does not charge twice what a store that was lost has learnt from the record', async () => {
    const { open, clock, hot, seed, balance } = ledgerWorld();
    hot.down = true;
    const meter = await open();
    await meter.end(out(25), 'm');
    await clock.advance(1);
    await seed(25);
    hot.down = false;
    await clock.advance(60_000);
    expect(await balance()).toEqual([25, 0]);
  });

  it('works in its share of the limit while the store is away', async () => {
    const { open, hot, counts } = ledgerWorld();
    hot.down = true;
    const meter = await open(900);
    await expect(open(200)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await meter.stop('failed');
    expect(counts.alone).toBeGreaterThan(0);
  });
});

describe('the meter of an answer that is given as a whole', () => {
  const FREE = { input: 0, output: 0 };
  const DEAR = { input: 1, output: 1 };
  const whole = { outputTokens: 400, orNothing: true };
  const tomorrow = Date.parse('2026-01-03T00:00:00Z') - Date.parse('2026-01-02T03:04:05.678Z');

  it('holds what the answer is likely to cost before anything is asked', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open(10, FREE, whole);
    await meter.begin(10, FREE);
    expect(await balance()).toEqual([0, 410]);
    for (let tokens = 100; tokens <= 400; tokens += 100)
      expect(meter.grow({ inputTokens: 10, outputTokens: tokens })).toBe(undefined);
  });

  it('refuses the one too many before it costs anything, and says to come back soon', async () => {
    const { open, balance } = ledgerWorld();
    const first = [await open(100, DEAR, whole), await open(100, DEAR, whole)];
    const late = open(0, DEAR, whole);
    await expect(late).rejects.toMatchObject({ retryAfterMs: 5_000, extensions: { details: { remaining: 0 } } });
    for (const meter of first) await meter.end(out(450), 'm');
    expect(await balance()).toEqual([900, 0]);
  });

  it('begins with less when nobody else is under way, so that the last of a day is not lost', async () => {
    const { open, balance } = ledgerWorld();
    await (await open(0, DEAR)).end(out(900), 'm');
    const meter = await open(10, DEAR, whole);
    expect(await balance()).toEqual([900, 100]);
    await meter.begin(10, DEAR);
    await expect(open(0, DEAR, whole)).rejects.toMatchObject({ retryAfterMs: 5_000 });
    await meter.grow(out(90));
    await meter.end(out(90), 'm');
    expect(await balance()).toEqual([990, 0]);
  });

  it.each([
    ['gives back what nobody bills', FREE, 0, {}],
    ['tells what was charged where somebody bills', DEAR, 950, { charged_tokens: 950 }],
    ['tells it where nobody knows', undefined, 950, { charged_tokens: 950 }],
  ] as const)('%s when a limit ends it', async (_rule, price, tokens, told) => {
    const { open, balance, records } = ledgerWorld();
    const meter = await open(0, price, whole);
    for (let used = 50; used <= 950; used += 50) await meter.grow(out(used));
    const refused = await Promise.resolve(meter.grow(out(1_050))).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterMs: tomorrow });
    expect(Object(refused).extensions.details).toEqual({
      ...{ limit_of: 'principal', limit: LIMIT, remaining: expect.any(Number), reserved: expect.any(Number), ...told },
    });
    await meter.stop('failed');
    expect(await balance()).toEqual([tokens, 0]);
    expect(records.listed).toHaveLength(tokens === 0 ? 0 : 1);
  });

  it('keeps the charge of one whose beginning is given all the same', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open(0, FREE, { ...whole, orNothing: false });
    await meter.grow(out(950));
    await expect(meter.grow(out(1_050))).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await meter.stop('failed');
    expect(await balance()).toEqual([950, 0]);
  });

  it('charges what was sent and heard to a caller who left', async () => {
    const { open, balance } = ledgerWorld();
    const meter = await open(0, FREE, whole);
    await meter.grow(out(300));
    await meter.stop('cancelled');
    expect(await balance()).toEqual([300, 0]);
  });

  it.each([2, 3, 7, 20])('lets some of %d equals at once have their answer, however they take turns', async (count) => {
    const { open, balance } = ledgerWorld();
    const cost = 330;
    const answer = async (): Promise<'answered' | 'refused'> => {
      try {
        const meter = await open(20, FREE, whole);
        try {
          await meter.begin(20, FREE);
          for (let used = 10; used <= cost - 20; used += 10) {
            await meter.grow({ inputTokens: 20, outputTokens: used });
            await Promise.resolve();
          }
          await meter.end({ inputTokens: 20, outputTokens: cost - 20 }, 'm');
          return 'answered';
        } finally {
          await meter.stop('failed');
        }
      } catch {
        return 'refused';
      }
    };
    const answers = await Promise.all(Array.from({ length: count }, answer));
    const answered = answers.filter((how) => how === 'answered').length;
    expect(answered).toBeGreaterThanOrEqual(2);
    expect(await balance()).toEqual([answered * cost, 0]);
  });
});
