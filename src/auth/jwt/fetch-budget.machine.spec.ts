import { describe, expect, it } from '@jest/globals';
import { FetchBudget } from './fetch-budget.machine.js';

const granted = (budget: FetchBudget, times: readonly number[]): readonly boolean[] =>
  times.map((now) => budget.take(now));

describe('FetchBudget', () => {
  it('grants five at once and refuses the sixth', () => {
    expect(granted(new FetchBudget(), [0, 0, 0, 0, 0, 0])).toEqual([true, true, true, true, true, false]);
  });

  it('grants one more every ten seconds', () => {
    const budget = new FetchBudget();
    granted(budget, [0, 0, 0, 0, 0]);
    expect(granted(budget, [9_999, 10_000, 10_001, 19_999, 20_000])).toEqual([false, true, false, false, true]);
  });

  it('saves up no more than five', () => {
    const budget = new FetchBudget();
    granted(budget, [0, 0, 0]);
    expect(granted(budget, Array(6).fill(3_600_000)).filter(Boolean)).toHaveLength(5);
  });

  it('grants nothing for a clock that steps back', () => {
    const budget = new FetchBudget();
    granted(budget, [60_000, 60_000, 60_000, 60_000, 60_000]);
    expect(granted(budget, [0, 30_000, 69_999, 70_000])).toEqual([false, false, false, true]);
  });
});
