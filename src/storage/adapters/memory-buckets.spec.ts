import { describe, expect, it } from '@jest/globals';
import { MemoryBuckets } from './memory-buckets.js';

const NOW = 1_000_000;
const terms = { capacity: 100, refill: 1 };
const draw = (id: string) => [{ key: { tenant: `tenant ${id.length}`, area: 'bucket', id }, terms }] as const;

describe('buckets in memory', () => {
  it('are forgotten once they are full again', () => {
    const buckets = new MemoryBuckets(1_000);
    for (let at = 0; at < 500; at++) buckets.spend(draw(`${at}`), 50, NOW);
    buckets.sweep(1_000, NOW + 49);
    expect(buckets.size).toBe(500);
    buckets.sweep(1_000, NOW + 50);
    expect(buckets.size).toBe(0);
  });

  it('make room by themselves as new ones come', () => {
    const buckets = new MemoryBuckets(100_000);
    for (let at = 0; at < 20_000; at++) buckets.spend(draw(`${at}`), 50, NOW + at);
    expect(buckets.size).toBeLessThan(1_000);
  });

  it('are bounded: of too many, those closest to full are forgotten', () => {
    const buckets = new MemoryBuckets(50);
    buckets.spend(draw('empty'), 100, NOW);
    for (let at = 0; at < 1_000; at++) buckets.spend(draw(`${at}`), 1 + (at % 50), NOW);
    expect(buckets.size).toBe(50);
    expect(buckets.spend(draw('empty'), 1, NOW).granted).toBe(false);
  });

  it('use the place of a forgotten one again', () => {
    const buckets = new MemoryBuckets(4);
    for (let at = 0; at < 10_000; at++) {
      expect(buckets.spend(draw(`${at}`), 100, NOW + at * 200)).toEqual({ granted: true, missing: [100] });
      expect(buckets.spend(draw(`${at}`), 1, NOW + at * 200).granted).toBe(false);
    }
  });
});
