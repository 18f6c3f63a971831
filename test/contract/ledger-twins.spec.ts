import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryLedger } from '#src/storage/adapters/memory-ledger.js';
import { holdArguments, holdingOf, seedArguments, tallyOf } from '#src/storage/adapters/redis-ledger.js';
import { HOLDING, LEDGER, SEEDING } from '#src/storage/adapters/redis-ledger-scripts.js';
import { numbersOf, packed } from '#src/storage/adapters/redis-numbers.js';
import type { HotKey, LedgerAccount, LedgerCall } from '#src/storage/hot.port.js';
import { endOfDay, type Tally, WINDOW_MS } from '#src/storage/ledger.policy.js';
import { TimedRedis } from './timed-redis.ts';

let server: TimedRedis;

beforeAll(async () => {
  server = await TimedRedis.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const START = Date.parse('2026-01-02T23:59:58.678Z');
const ACCOUNTS = ['principal/p', 'principal/q', 'tenant', 'cost/tenant'] as const;

interface Moved {
  /** How far the clock moves, either way, ms. */
  readonly passed: number;
}
interface Hold extends Moved, LedgerCall {
  readonly do: 'hold';
  readonly principal: number;
  readonly limits: readonly [number, number, number];
  readonly cost: NonNullable<LedgerCall['cost']>;
}
interface Seed extends Moved {
  readonly do: 'seed';
  readonly settled: number;
  readonly daysBack: number;
}
type Step = Hold | Seed | (Moved & { readonly do: 'look' });

const tokens = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 0, max: 4_000_000_000_000 }),
);
const limit = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 9_000_000_000_000 }));
const passed = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1_300_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * WINDOW_MS, max: 2 * WINDOW_MS }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      passed,
      id: fc.constantFrom('a', 'b', 'c'),
      charged: tokens,
      held: tokens,
      leaseMs: fc.constantFrom(150, 1_000, 600_000),
      principal: fc.constantFrom(0, 1),
      limits: fc.tuple(limit, limit, limit),
      cost: fc.record({ charged: tokens, held: tokens }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('seed' as const),
      passed,
      settled: tokens,
      daysBack: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), passed }) },
);

const keyOf = (id: string): HotKey => ({ tenant: 'acme', area: 'ledger', id });

const accountsOf = ({ principal, limits }: Hold): readonly LedgerAccount[] => [
  { key: keyOf(ACCOUNTS[principal] ?? 'tenant'), limit: limits[0] },
  { key: keyOf('tenant'), limit: limits[1] },
  { key: keyOf('cost/tenant'), limit: limits[2], counts: 'cost' },
];

const LOOKING = `${LEDGER}\nfor _, key in ipairs(KEYS) do tell(open(key, '=')) end\nreturn ${packed(['now', 'lastDay'], 'tally')}`;

/** The rules of the server. */
class InRedis {
  constructor(private readonly history: number) {}

  async hold(accounts: readonly LedgerAccount[], call: LedgerCall, now: number) {
    const keys = [this.name(`call ${call.id}`), ...accounts.map(({ key }) => this.name(key.id))];
    return holdingOf(await server.run(HOLDING, keys, holdArguments(accounts, call), now));
  }

  async seed(settled: number, endsAt: number, now: number): Promise<Tally> {
    const charges = ACCOUNTS.map((id) => ({ key: keyOf(id), settled }));
    const told = seedArguments(charges, endsAt);
    return tallyOf(numbersOf(await server.run(SEEDING, ACCOUNTS.map(this.name), told, now)));
  }

  async look(now: number): Promise<Tally> {
    return tallyOf(numbersOf(await server.run(LOOKING, ACCOUNTS.map(this.name), [], now)));
  }

  private readonly name = (id: string): string => `{${this.history}}${id}`;
}

const remembersItself = ({ accounts }: Tally): boolean =>
  accounts.every(({ settled, reserved }) => settled >= 0 && reserved >= 0);

describe('the rule of the token ledger', () => {
  it('is one rule in two languages, whatever the clock, the limits and the calls do', async () => {
    let history = 0;
    const same = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const memory = new MemoryLedger(1_000);
      const redis = new InRedis(history++);
      let now = START;
      for (const next of steps) {
        now += next.passed;
        if (next.do === 'hold') {
          const accounts = accountsOf(next);
          expect(await redis.hold(accounts, next, now)).toEqual(memory.hold(accounts, next, now));
        }
        if (next.do === 'seed') {
          const endsAt = endOfDay(Math.floor(now / WINDOW_MS) - next.daysBack);
          const charges = ACCOUNTS.map((id) => ({ key: keyOf(id), settled: next.settled }));
          expect(await redis.seed(next.settled, endsAt, now)).toEqual(memory.seed(charges, endsAt, now));
        }
        const tally = memory.tally(ACCOUNTS.map(keyOf), now);
        expect(await redis.look(now)).toEqual(tally);
        expect(remembersItself(tally)).toBe(true);
      }
    });
    // A clock that stepped back a day, and a lease that runs out there: what is left of the account is of no day.
    const cost = { charged: 0, held: 0 };
    const hold = { do: 'hold', id: 'a', charged: 0, cost, leaseMs: 150, principal: 0, limits: [1, 1, 1] } as const;
    const back: Step[] = [
      { ...hold, passed: 0, held: 1 },
      { ...hold, passed: 1_072 - WINDOW_MS, held: 1 },
      { ...hold, passed: 150, held: 0 },
    ];
    const dayLater: Step[] = [{ ...hold, passed: 2_000, held: 1 }, ...back.slice(1)];
    await fc.assert(same, { numRuns: 150, examples: [[back], [dayLater]] });
  }, 120_000);

  it('holds nothing any more once every lease ran out, and never more than the limit allows', async () => {
    const conserved = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const memory = new MemoryLedger(1_000);
      let now = START;
      for (const next of steps) {
        now += Math.max(0, next.passed);
        if (next.do !== 'hold') continue;
        const accounts = accountsOf(next);
        const before = memory.tally(
          accounts.map(({ key }) => key),
          now,
        ).accounts;
        const after = memory.hold(accounts, next, now).accounts;
        for (const [at, { settled, reserved }] of after.entries()) {
          const was = before[at] ?? { settled: 0, reserved: 0 };
          const { charged } = accounts[at]?.counts === 'cost' ? next.cost : next;
          const grew = settled + reserved > was.settled + was.reserved + charged;
          if (grew) expect(settled + reserved).toBeLessThanOrEqual(accounts[at]?.limit ?? 0);
        }
      }
      const { accounts } = memory.tally(ACCOUNTS.map(keyOf), now + 600_100);
      expect(accounts.map(({ reserved }) => reserved)).toEqual(ACCOUNTS.map(() => 0));
    });
    // Over in tokens, and asking for money all the same.
    const ended = { do: 'hold', id: 'c', charged: 0, held: 0, leaseMs: 150, principal: 0, limits: [1, 1, 1] } as const;
    const late: Step[] = [
      { ...ended, passed: 0, cost: { charged: 1, held: 0 } },
      { ...ended, passed: 1_322, cost: { charged: 0, held: 2 } },
    ];
    fc.assert(conserved, { numRuns: 300, examples: [[late]] });
  });
});
