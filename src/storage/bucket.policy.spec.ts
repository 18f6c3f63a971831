import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, fullAfterMs, spend } from './bucket.policy.js';

const NOW = 1_000_000;
const terms = { capacity: 100, refill: 2 };
const one = (bucket: Bucket | undefined, cost: number, now = NOW) => spend([{ terms, bucket }], cost, now);

describe('a bucket', () => {
  it.each<[string, Bucket | undefined, number, boolean, number]>([
    ['that nobody knows is full', undefined, 100, true, 100],
    ['grants no more than it holds', undefined, 101, false, 0],
    ['grants its last part', { missing: 90, at: NOW }, 10, true, 100],
    ['keeps what it refuses', { missing: 95, at: NOW }, 10, false, 95],
    ['fills with time', { missing: 95, at: NOW - 10 }, 25, true, 100],
    ['is never more than full', { missing: 95, at: NOW - 1_000_000 }, 100, true, 100],
    ['gains nothing from a clock that stepped back', { missing: 95, at: NOW + 1_000_000 }, 10, false, 95],
    ['owes nothing of a larger plan', { missing: 5_000, at: NOW }, 10, false, 100],
  ])('%s', (_title, bucket, cost, granted, missing) => {
    expect(one(bucket, cost)).toEqual({ granted, missing: [missing] });
  });

  it('has room again exactly when it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 100 }), (missing, cost) => {
        const bucket = { missing, at: NOW };
        const waitMs = fullAfterMs(terms, Math.max(0, missing + cost - terms.capacity));
        expect(one(bucket, cost, NOW + waitMs).granted).toBe(true);
        if (waitMs > 0) expect(one(bucket, cost, NOW + waitMs - 1).granted).toBe(false);
      }),
    );
  });

  it('gives no more than it held and time gave, however the clock moves', () => {
    const draw = fc.record({ passed: fc.integer({ min: -500, max: 500 }), cost: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(fc.array(draw, { maxLength: 60 }), (draws) => {
        let now = NOW;
        let [taken, forward] = [0, 0];
        let bucket: Bucket | undefined;
        for (const { passed, cost } of draws) {
          now += passed;
          forward += Math.max(0, passed);
          const { granted, missing } = one(bucket, cost, now);
          if (granted) taken += cost;
          bucket = { missing: missing[0] ?? 0, at: now };
        }
        expect(taken).toBeLessThanOrEqual(terms.capacity + forward * terms.refill);
      }),
    );
  });
});
