import { describe, expect, it } from '@jest/globals';
import { UsedNames } from './used-names.js';

const BORN = 1_700_000_000_000;

function used(count: number, lifeMs: number): UsedNames {
  const names = new UsedNames(BORN);
  for (let at = 0; at < count; at++) names.add(`name ${at}`, BORN + lifeMs, BORN);
  return names;
}

describe('names that were used up', () => {
  it('are known until their end, and at most a second longer', () => {
    const names = used(1, 10_500);
    expect([10_499, 11_000].map((ms) => names.has('name 0', BORN + ms))).toEqual([true, false]);
    expect(names.has('name 1', BORN)).toBe(false);
  });

  it('count once, however often they are added, and live to the last end they were given', () => {
    const names = used(1, 1_000);
    const { bytes } = names;
    names.add('name 0', BORN + 9_000, BORN);
    expect([names.bytes, names.has('name 0', BORN + 8_000)]).toEqual([bytes, true]);
  });

  it('leave no trace once they are swept', () => {
    const names = used(100, 50_000);
    names.sweep(1_000, BORN + 49_000);
    expect(names.bytes).toBeGreaterThan(0);
    names.sweep(60, BORN + 50_000);
    names.sweep(60, BORN + 50_000);
    expect(names.bytes).toBe(0);
  });

  it('do not pile up while new ones keep coming', () => {
    const names = new UsedNames(BORN);
    for (let ms = 0; ms < 100_000; ms += 10) names.add(`name ${ms}`, BORN + ms + 1_000, BORN + ms);
    expect(names.bytes).toBeLessThan(300 * UsedNames.cost('name 10000'));
  });
});
