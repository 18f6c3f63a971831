import { describe, expect, it } from '@jest/globals';
import { dollars, dollarText } from './dollars.js';
import { costOf } from './price.js';

describe('money', () => {
  it.each([
    ['0.25', 250_000_000],
    [0.25, 250_000_000],
    ['1000000', 1_000_000_000_000_000],
    ['0.000000001', 1],
    [0, 0],
    ['12.30', 12_300_000_000],
  ])('%j is read to the last digit, and written as it is', (text, nanodollars) => {
    expect(dollars(9).parse(text)).toBe(nanodollars);
    expect(Number(dollarText(nanodollars))).toBe(Number(text));
  });

  it.each([
    '-1',
    -0.5,
    '',
    '1,5',
    '1.',
    '.5',
    '$1',
    '1e3',
    1e-9,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1000001',
    '0.0000000001',
    null,
    [],
  ])('%j is not money', (value) => {
    expect(dollars(9).safeParse(value).success).toBe(false);
  });

  it('is written without zeros behind it', () => {
    expect([0, 1, 10, 1_500_000_000, 1_000_000_000_000_000].map(dollarText)).toEqual([
      '0',
      '0.000000001',
      '0.00000001',
      '1.5',
      '1000000',
    ]);
  });
});

describe('what tokens cost', () => {
  /** 0.25 USD a million tokens of input, 2 of output. */
  const price = { input: 250_000, output: 2_000_000 };

  it.each([
    ['a million tokens cost their price', { inputTokens: 1_000_000, outputTokens: 0 }, 250_000_000],
    ['input and output cost their own', { inputTokens: 100, outputTokens: 10 }, 45_000],
    [
      'input in or for a cache costs as other input where it has no price',
      { inputTokens: 100, outputTokens: 10, cachedInputTokens: 80, cacheWriteTokens: 5, reasoningTokens: 4 },
      45_000,
    ],
    ['nothing costs nothing', { inputTokens: 0, outputTokens: 0 }, 0],
  ])('%s', (_title, usage, cost) => {
    expect(costOf(usage, price)).toBe(cost);
  });

  it('is that of its own for input in or for a cache, and counted once', () => {
    const cached = { ...price, cachedInput: 25_000, cacheWrite: 312_500 };
    const usage = { inputTokens: 1_000, outputTokens: 0, cachedInputTokens: 800, cacheWriteTokens: 100 };
    expect(costOf(usage, cached)).toBe(100 * 250 + 800 * 25 + 100 * 312.5);
  });

  it('is rounded up to a whole nanodollar', () => {
    expect(costOf({ inputTokens: 1, outputTokens: 0 }, { input: 1, output: 0 })).toBe(1);
  });

  it('stays a whole number that can be counted, whatever was counted upstream', () => {
    const most = { inputTokens: 1_000_000_000, outputTokens: 1_000_000_000 };
    expect(Number.isSafeInteger(costOf(most, { input: 1e9, output: 1e9 }))).toBe(true);
  });

  it('of a model without a price is nothing', () => {
    expect(costOf({ inputTokens: 5, outputTokens: 5 }, undefined)).toBe(0);
  });
});
