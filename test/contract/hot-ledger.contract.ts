import assert from 'node:assert/strict';
import type { Hot, LedgerAccount } from '#src/storage/index.js';
import { type HotCheck, type HotSubject, keyOf, LONG_MS, SHORT_MS, until } from './hot.subject.ts';

/** Two accounts of a tenant nobody else has. */
function accountsOf(principal: number, tenant: number): readonly [LedgerAccount, LedgerAccount] {
  const key = keyOf('ledger');
  return [
    { key: { ...key, id: 'principal/p' }, limit: principal },
    { key: { ...key, id: 'tenant' }, limit: tenant },
  ];
}

const say = (hot: Hot, accounts: readonly LedgerAccount[], id: string, charged: number, held: number) =>
  hot.hold(accounts, { id, charged, held, leaseMs: LONG_MS });

/** What is settled and reserved in each account. */
async function standing(hot: Hot, accounts: readonly LedgerAccount[]): Promise<readonly (readonly number[])[]> {
  const keys = accounts.map(({ key }) => key);
  const { tally } = await hot.spend([], 0, keys);
  return (tally?.accounts ?? []).map(({ settled, reserved }) => [settled, reserved]);
}

const released = (subject: HotSubject, accounts: readonly LedgerAccount[]): Promise<void> =>
  until(subject, async () => (await standing(subject.hot, accounts)).every(([, reserved]) => reserved === 0));

/** An account of money, beside one of tokens. */
function accountsWithCost(tokens: number, cost: number): readonly [LedgerAccount, LedgerAccount] {
  const [account] = accountsOf(tokens, 0);
  return [account, { key: { ...account.key, id: 'cost/principal/p' }, limit: cost, counts: 'cost' }];
}

/** Tokens of model calls, and what they cost. */
export const hotLedgerContract: Readonly<Record<string, HotCheck>> = {
  'holds for as many of many racing calls as there is room for': async ({ hot }) => {
    const accounts = accountsOf(70, 1_000);
    const race = await Promise.all(Array.from({ length: 30 }, (_, at) => say(hot, accounts, `c${at}`, 0, 10)));
    assert.equal(race.filter(({ granted }) => granted).length, 7);
    assert.deepEqual(await standing(hot, accounts), [
      [0, 70],
      [0, 70],
    ]);
  },

  'holds in every account or in none': async ({ hot }) => {
    const accounts = accountsOf(100, 15);
    assert.equal((await say(hot, accounts, 'one', 0, 10)).granted, true);
    const { granted, accounts: told } = await say(hot, accounts, 'other', 0, 10);
    assert.deepEqual([granted, told.map(({ reserved }) => reserved)], [false, [10, 10]]);
  },

  'settles what a call cost and gives the rest of its hold back': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'c', 0, 60);
    await say(hot, accounts, 'c', 25, 0);
    assert.deepEqual(await standing(hot, accounts), [
      [25, 0],
      [25, 0],
    ]);
    assert.equal((await say(hot, accounts, 'next', 0, 75)).granted, true);
  },

  'refunds the whole hold of a call that cost nothing': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'c', 0, 100);
    await say(hot, accounts, 'c', 0, 0);
    assert.equal((await say(hot, accounts, 'next', 0, 100)).granted, true);
  },

  'charges a call once, however often and in whatever order it is said': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    for (const charged of [10, 30, 10, 30, 0, 30]) await say(hot, accounts, 'c', charged, 20);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[30, 20]]);
    for (let repeat = 0; repeat < 3; repeat++) await say(hot, accounts, 'c', 40, 0);
    assert.deepEqual(await standing(hot, accounts), [
      [40, 0],
      [40, 0],
    ]);
  },

  'holds nothing for what a call says that is over': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'settled', 40, 0);
    await say(hot, accounts, 'refunded', 0, 0);
    assert.equal((await say(hot, accounts, 'settled', 45, 10)).granted, false);
    assert.equal((await say(hot, accounts, 'refunded', 0, 10)).granted, false);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[40, 0]]);
  },

  'takes back what a call was charged too much when it is over': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'c', 50, 20);
    await say(hot, accounts, 'c', 35, 0);
    assert.deepEqual(await standing(hot, accounts), [
      [35, 0],
      [35, 0],
    ]);
  },

  'lets a hold grow where there is room, and refuses without taking what was held': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'other', 0, 40);
    await say(hot, accounts, 'c', 0, 30);
    assert.equal((await say(hot, accounts, 'c', 10, 50)).granted, true);
    assert.equal((await say(hot, accounts, 'c', 20, 41)).granted, false);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[20, 80]]);
  },

  'records what is spent, also beyond the limit, and never holds more for it': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    await say(hot, accounts, 'c', 0, 90);
    assert.equal((await say(hot, accounts, 'c', 110, 20)).granted, false);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[110, 0]]);
    assert.equal((await say(hot, accounts, 'c', 120, 0)).granted, true);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[120, 0]]);
  },

  'lets a call keep what it holds when a limit became smaller': async ({ hot }) => {
    const [account] = accountsOf(100, 0);
    await say(hot, [account], 'c', 0, 80);
    const smaller = [{ ...account, limit: 10 }];
    assert.equal((await say(hot, smaller, 'c', 30, 50)).granted, true);
    assert.equal((await say(hot, smaller, 'c', 30, 51)).granted, false);
    assert.deepEqual(await standing(hot, smaller), [[30, 50]]);
  },

  'gives a hold back when its lease runs out, and keeps what was charged': async (subject) => {
    const accounts = accountsOf(100, 100);
    await subject.hot.hold(accounts, { id: 'dead', charged: 15, held: 85, leaseMs: SHORT_MS });
    assert.equal((await say(subject.hot, accounts, 'next', 0, 10)).granted, false);
    await released(subject, accounts);
    assert.deepEqual(await standing(subject.hot, accounts), [
      [15, 0],
      [15, 0],
    ]);
    assert.equal((await say(subject.hot, accounts, 'next', 0, 85)).granted, true);
  },

  'keeps a hold that is said again in time': async (subject) => {
    const accounts = accountsOf(100, 100);
    await subject.hot.hold(accounts, { id: 'brief', charged: 0, held: 30, leaseMs: SHORT_MS });
    await subject.hot.hold(accounts, { id: 'kept', charged: 0, held: 30, leaseMs: SHORT_MS });
    await say(subject.hot, accounts, 'kept', 0, 30);
    await until(subject, async () => (await standing(subject.hot, [accounts[0]]))[0]?.[1] === 30);
    for (let passed = 0; passed < 4; passed++) await subject.tick(SHORT_MS);
    assert.deepEqual(await standing(subject.hot, [accounts[0]]), [[0, 30]]);
  },

  'charges a holder that comes back late only the difference': async (subject) => {
    const accounts = accountsOf(100, 100);
    await subject.hot.hold(accounts, { id: 'frozen', charged: 15, held: 50, leaseMs: SHORT_MS });
    await released(subject, accounts);
    await say(subject.hot, accounts, 'frozen', 40, 0);
    assert.deepEqual(await standing(subject.hot, [accounts[0]]), [[40, 0]]);
  },

  'is told once what an account spent that it does not know of': async ({ hot }) => {
    const accounts = accountsOf(100, 1_000);
    const held = await say(hot, accounts, 'c', 0, 10);
    assert.deepEqual(
      held.accounts.map(({ since }) => since),
      [0, 0],
    );
    const past = [30, 300].map((settled, at) => ({ key: accounts[at]?.key ?? accounts[0].key, settled }));
    const race = await Promise.all(Array.from({ length: 10 }, () => hot.seed(past, held.endsAt)));
    for (const { accounts: told } of race) {
      assert.deepEqual(
        told.map(({ settled, reserved }) => [settled, reserved]),
        [
          [30, 10],
          [300, 10],
        ],
      );
      assert.ok(told.every(({ since }) => since > 0));
    }
    await say(hot, accounts, 'c', 5, 0);
    await hot.seed(
      past.map(({ key }) => ({ key, settled: 900 })),
      held.endsAt,
    );
    assert.deepEqual(await standing(hot, accounts), [
      [35, 0],
      [305, 0],
    ]);
  },

  'is not told what was spent in another window': async ({ hot }) => {
    const accounts = accountsOf(100, 100);
    const { endsAt } = await say(hot, accounts, 'c', 5, 0);
    await hot.seed([{ key: accounts[0].key, settled: 50 }], endsAt - 86_400_000);
    assert.deepEqual(await standing(hot, [accounts[0]]), [[5, 0]]);
  },

  'counts by the UTC day': async ({ hot }) => {
    const { at, endsAt } = await say(hot, accountsOf(1, 1), 'c', 1, 0);
    assert.equal(endsAt % 86_400_000, 0);
    assert.ok(endsAt > at && endsAt - at <= 86_400_000);
  },

  'keeps the accounts and calls of tenants and ids apart': async ({ hot }) => {
    const one = accountsOf(10, 10);
    const other = accountsOf(10, 10);
    await say(hot, one, 'c', 10, 0);
    assert.equal((await say(hot, other, 'c', 0, 10)).granted, true);
    const neighbour = { ...one[0], key: { ...one[0].key, id: 'principal/q' } };
    assert.equal((await say(hot, [neighbour], 'd', 0, 10)).granted, true);
    assert.deepEqual(await standing(hot, one), [
      [10, 0],
      [10, 0],
    ]);
  },

  'counts money beside tokens, each in its own accounts': async ({ hot }) => {
    const accounts = accountsWithCost(100, 1_000);
    const call = { id: 'c', leaseMs: LONG_MS };
    await hot.hold(accounts, { ...call, charged: 5, held: 20, cost: { charged: 50, held: 700 } });
    assert.deepEqual(await standing(hot, accounts), [
      [5, 20],
      [50, 700],
    ]);
    for (let repeat = 0; repeat < 3; repeat++)
      await hot.hold(accounts, { ...call, charged: 4, held: 0, cost: { charged: 40, held: 0 } });
    assert.deepEqual(await standing(hot, accounts), [
      [4, 0],
      [40, 0],
    ]);
    assert.equal((await hot.hold(accounts, { ...call, charged: 9, held: 9 })).granted, false);
  },

  'holds neither tokens nor money when one of them is not left': async ({ hot }) => {
    const accounts = accountsWithCost(100, 1_000);
    const call = (id: string) => ({ id, charged: 0, held: 10, leaseMs: LONG_MS });
    assert.equal((await hot.hold(accounts, { ...call('dear'), cost: { charged: 0, held: 1_001 } })).granted, false);
    assert.equal(
      (await hot.hold(accounts, { ...call('long'), held: 101, cost: { charged: 0, held: 1 } })).granted,
      false,
    );
    assert.deepEqual(await standing(hot, accounts), [
      [0, 0],
      [0, 0],
    ]);
    assert.equal((await hot.hold(accounts, { ...call('free'), cost: { charged: 0, held: 0 } })).granted, true);
    const race = await Promise.all(
      Array.from({ length: 9 }, (_, at) => hot.hold(accounts, { ...call(`c${at}`), cost: { charged: 0, held: 400 } })),
    );
    assert.equal(race.filter(({ granted }) => granted).length, 2);
  },

  'tells the tally with a draw, and is not changed by it': async ({ hot }) => {
    const accounts = accountsOf(10, 10);
    await say(hot, accounts, 'c', 3, 4);
    const bucket = { key: { ...accounts[0].key, area: 'bucket' as const }, terms: { capacity: 100_000, refill: 1 } };
    const keys = accounts.map(({ key }) => key);
    for (let turn = 1; turn < 4; turn++) {
      const { granted, missing, tally } = await hot.spend([bucket], 30_000, keys);
      assert.equal(granted, true);
      assert.equal(missing.length, 1);
      assert.deepEqual(
        tally?.accounts.map(({ settled, reserved }) => [settled, reserved]),
        [
          [3, 4],
          [3, 4],
        ],
      );
    }
  },
};
