import assert from 'node:assert/strict';
import type { BucketDraw, DrawOrder, Hot, HotKey, OnceReply, SingleUse } from '#src/storage/index.js';
import { type HotCheck, keyOf, LONG_MS, SHORT_MS, until } from './hot.subject.ts';

/** Instants before and after any store here began. */
const LONG_AGO = 0;
const LATER = 9_999_999_999_999;
/** So large that what a check lasts gives back nothing that counts. */
const COST = 1_000_000_000;

const use = (changed: Partial<SingleUse> = {}): SingleUse => ({
  key: keyOf('nonce'),
  madeAt: LATER,
  ttlMs: LONG_MS,
  ...changed,
});

/** One request of a bucket with room for so many, beside what is used up. */
function order({ tenant }: HotKey, requests: number): DrawOrder & { readonly draws: readonly [BucketDraw] } {
  const key: HotKey = { tenant, area: 'bucket', id: 'id' };
  return { draws: [{ key, terms: { capacity: requests * COST, refill: 1 } }], cost: COST };
}

const outcomes = (replies: readonly OnceReply[]) => replies.map(({ outcome }) => outcome).toSorted();

/** Requests that a bucket lacks. */
const taken = async (hot: Hot, { draws }: DrawOrder): Promise<number> =>
  Math.ceil(((await hot.spend(draws, 0)).missing[0] ?? 0) / COST);

/** What is good once, and what is drawn with it. */
export const hotOnceContract: Readonly<Record<string, HotCheck>> = {
  'uses something up for exactly one of many racing callers': async ({ hot }) => {
    const one = use();
    const race = await Promise.all(Array.from({ length: 20 }, async () => hot.once(one)));
    assert.deepEqual(outcomes(race), ['first', ...Array.from({ length: 19 }, () => 'repeated')]);
  },

  'forgets after its time that something was used up': async (subject) => {
    const brief = use({ ttlMs: SHORT_MS });
    await subject.hot.once(brief);
    assert.equal((await subject.hot.once(brief)).outcome, 'repeated');
    await until(subject, async () => (await subject.hot.once({ ...brief, ttlMs: LONG_MS })).outcome === 'first');
  },

  'does not know what was used up before its memory began': async ({ hot }) => {
    const late = use();
    const early = { ...late, madeAt: LONG_AGO };
    const replies = [await hot.once(early), await hot.once(late), await hot.once(early)];
    assert.deepEqual(
      replies.map(({ outcome }) => outcome),
      ['forgotten', 'first', 'forgotten'],
    );
    const [since = LONG_AGO, ...others] = replies.map((reply) => reply.since);
    assert.deepEqual(others, [since, since]);
    assert.ok(since > LONG_AGO && since < LATER);
  },

  'keeps uses of tenants and ids apart': async ({ hot }) => {
    const one = use();
    const others = [use(), use({ key: { ...one.key, id: 'other' } })];
    assert.deepEqual(
      outcomes([await hot.once(one), ...(await Promise.all(others.map(async (each) => hot.once(each))))]),
      ['first', 'first', 'first'],
    );
  },

  'draws with the first of many racing uses, and with no other': async ({ hot }) => {
    const one = use();
    const asked = order(one.key, 50);
    const race = await Promise.all(Array.from({ length: 20 }, async () => hot.once(one, asked)));
    assert.deepEqual(
      race.filter(({ draw }) => draw !== undefined).map(({ outcome, draw }) => [outcome, draw?.granted, draw?.missing]),
      [['first', true, [COST]]],
    );
    assert.equal(await taken(hot, asked), 1);
  },

  'draws nothing with what it does not know': async ({ hot }) => {
    const early = use({ madeAt: LONG_AGO });
    const asked = order(early.key, 5);
    assert.equal((await hot.once(early, asked)).draw, undefined);
    assert.equal(await taken(hot, asked), 0);
  },

  'uses something up although the buckets refuse, and takes nothing from them': async ({ hot }) => {
    const [first, second] = [use(), use()];
    const late = { ...second, key: { ...first.key, id: 'late' } };
    const asked = order(first.key, 1);
    await hot.once(first, asked);
    const refused = await hot.once(late, asked);
    assert.deepEqual([refused.outcome, refused.draw?.granted], ['first', false]);
    const again = await hot.once(late, asked);
    assert.deepEqual([again.outcome, again.draw], ['repeated', undefined]);
    assert.equal(await taken(hot, asked), 1);
  },

  'draws with a use as without one, and tells how accounts stand': async ({ hot }) => {
    const one = use();
    const { draws, cost } = order(one.key, 5);
    const account: HotKey = { ...one.key, area: 'ledger' };
    await hot.hold([{ key: account, limit: 100 }], { id: 'call', charged: 7, held: 11, leaseMs: LONG_MS });
    const { draw } = await hot.once(one, { draws, cost, accounts: [account] });
    assert.deepEqual(draw?.tally?.accounts, (await hot.spend(draws, 0, [account])).tally?.accounts);
    assert.deepEqual(
      draw?.tally?.accounts.map(({ settled, reserved }) => [settled, reserved]),
      [[7, 11]],
    );
    assert.equal((await hot.spend(draws, cost)).granted, true);
    assert.equal(await taken(hot, { draws, cost }), 2);
  },
};
