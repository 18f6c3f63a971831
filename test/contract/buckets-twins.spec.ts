import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryBuckets } from '#src/storage/adapters/memory-buckets.js';
import { drawArguments, drawOf } from '#src/storage/adapters/redis-buckets.js';
import { numbersOf, packed } from '#src/storage/adapters/redis-numbers.js';
import { SPENDING } from '#src/storage/adapters/redis-scripts.js';
import type { Spending } from '#src/storage/bucket.policy.js';
import { TimedRedis } from './timed-redis.ts';

let server: TimedRedis;

beforeAll(async () => {
  server = await TimedRedis.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-02T03:04:05.678Z');

interface Step {
  /** How far the clock moves, either way, ms. */
  readonly passed: number;
  readonly cost: number;
  readonly capacities: readonly [number, number];
  readonly refills: readonly [number, number];
}

const small = fc.integer({ min: 1, max: 20 });
const capacity = fc.oneof(small, fc.integer({ min: 1, max: 6_000_000_000_000 }));
const refill = fc.oneof(small, fc.integer({ min: 1, max: 100_000_000 }));
const step: fc.Arbitrary<Step> = fc.record({
  passed: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 50 }) },
    { weight: 1, arbitrary: fc.integer({ min: -DAY_MS, max: DAY_MS }) },
  ),
  cost: fc.oneof(small, fc.constant(0), fc.integer({ min: 1, max: 60_000_000_000 })),
  capacities: fc.tuple(capacity, capacity),
  refills: fc.tuple(refill, refill),
});

const LUA = `${SPENDING}\nreturn ${packed(['granted'], 'missing')}`;

describe('the rule of buckets', () => {
  it('is one rule in two languages, whatever the clock and the plans do', async () => {
    let history = 0;
    const same = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const names = ['principal', 'tenant'].map((name) => `{${history}}${name}`);
      const memory = new MemoryBuckets(10);
      history += 1;
      let now = START;
      for (const { passed, cost, capacities, refills } of steps) {
        now += passed;
        const draws = names.map((id, at) => ({
          key: { tenant: 'acme', area: 'bucket' as const, id },
          terms: { capacity: capacities[at] ?? 1, refill: refills[at] ?? 1 },
        }));
        const reply = await server.run(LUA, names, drawArguments(draws, cost), now);
        const inRedis: Spending = drawOf(numbersOf(reply), { draws, cost });
        expect(inRedis).toEqual(memory.spend(draws, cost, now));
      }
    });
    await fc.assert(same, { numRuns: 150 });
  }, 120_000);

  it('is the rule that the script runs', async () => {
    const { SPEND } = await import('#src/storage/adapters/redis-scripts.js');
    expect(SPEND.lua).toContain(SPENDING);
    expect(SPEND.sha1).toBe(createHash('sha1').update(SPEND.lua).digest('hex'));
  });
});
