import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describe as statisticsOf } from './statistics.policy.js';

describe('statistics', () => {
  it('interpolates percentiles as spreadsheets do', () => {
    expect(statisticsOf([1, 2, 3, 4])).toEqual({
      count: 4,
      mean: 2.5,
      median: 2.5,
      p50: 2.5,
      p90: 3.7,
      p95: 3.85,
      p99: 3.97,
      min: 1,
      max: 4,
    });
  });

  it('has nothing to say about no numbers', () => {
    expect(statisticsOf([])).toBeUndefined();
  });

  it('keeps the mean of the smallest numbers there are', () => {
    expect(statisticsOf([1.5e-323, 1.5e-323])).toMatchObject({ mean: 1.5e-323, median: 1.5e-323 });
  });

  it('keeps every figure between the smallest and the largest number', () => {
    const numbers = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const figures = statisticsOf(values);
        if (figures === undefined) return false;
        const { count, min, max, ...between } = figures;
        const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
        return (
          count === values.length &&
          Object.values(between).every((value) => value >= min - slack && value <= max + slack) &&
          figures.median === figures.p50
        );
      }),
    );
  });
});
