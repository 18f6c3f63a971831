import assert from 'node:assert/strict';
import type { BucketDraw, HotKey } from '#src/storage/index.js';
import { type HotCheck, keyOf, LONG_MS, SHORT_MS, until } from './hot.subject.ts';

/** So large that what a check lasts gives back nothing that counts. */
const COST = 1_000_000_000;

const draw = (key: HotKey, requests: number): BucketDraw => ({ key, terms: { capacity: requests * COST, refill: 1 } });

/** How much a bucket lacks, in whole draws. */
const lacking = (missing: readonly number[]): readonly number[] => missing.map((parts) => Math.ceil(parts / COST));

/** Buckets, and who is here. */
export const hotBucketContract: Readonly<Record<string, HotCheck>> = {
  'grants as many of many racing draws as there is room for': async ({ hot }) => {
    const bucket = draw(keyOf('bucket'), 7);
    const race = await Promise.all(Array.from({ length: 30 }, async () => hot.spend([bucket], COST)));
    assert.equal(race.filter(({ granted }) => granted).length, 7);
  },

  'takes from every bucket or from none': async ({ hot }) => {
    const wide = draw(keyOf('bucket'), 5);
    const narrow = draw({ ...wide.key, id: 'narrow' }, 2);
    for (let turn = 0; turn < 4; turn++) await hot.spend([wide, narrow], COST);
    const { granted, missing } = await hot.spend([wide, narrow], COST);
    assert.deepEqual([granted, lacking(missing)], [false, [2, 2]]);
    assert.equal((await hot.spend([wide], COST)).granted, true);
  },

  'takes nothing when it only looks': async ({ hot }) => {
    const bucket = draw(keyOf('bucket'), 3);
    assert.deepEqual(await hot.spend([bucket], 0), { granted: true, missing: [0] });
    await hot.spend([bucket], COST);
    for (let look = 0; look < 5; look++) assert.deepEqual(lacking((await hot.spend([bucket], 0)).missing), [1]);
  },

  'gives back what time gives back, and not more than fits': async (subject) => {
    const key = keyOf('bucket');
    const quick: BucketDraw = { key, terms: { capacity: SHORT_MS, refill: 1 } };
    assert.equal((await subject.hot.spend([quick], SHORT_MS)).granted, true);
    assert.equal((await subject.hot.spend([quick], SHORT_MS)).granted, false);
    await until(subject, async () => (await subject.hot.spend([quick], 0)).missing[0] === 0);
    for (let passed = 0; passed < 2 * SHORT_MS; passed += SHORT_MS) await subject.tick(SHORT_MS);
    assert.deepEqual(await subject.hot.spend([quick], SHORT_MS), { granted: true, missing: [SHORT_MS] });
  },

  'takes a bucket whose terms became smaller for empty, not for indebted': async ({ hot }) => {
    const before = draw(keyOf('bucket'), 50);
    for (let turn = 0; turn < 20; turn++) await hot.spend([before], COST);
    const after = draw(before.key, 2);
    const { granted, missing } = await hot.spend([after], COST);
    assert.deepEqual([granted, lacking(missing)], [false, [2]]);
  },

  'keeps the buckets of tenants and ids apart': async ({ hot }) => {
    const one = draw(keyOf('bucket'), 1);
    const others = [draw(keyOf('bucket'), 1), draw({ ...one.key, id: 'other' }, 1)];
    await hot.spend([one], COST);
    for (const other of others) assert.equal((await hot.spend([other], COST)).granted, true);
    assert.equal((await hot.spend([one], COST)).granted, false);
  },

  'counts who is here, each once': async ({ hot }) => {
    const group = keyOf('presence');
    assert.equal(await hot.attend(group, 'one', LONG_MS), 1);
    assert.equal(await hot.attend(group, 'one', LONG_MS), 1);
    assert.equal(await hot.attend(group, 'other', LONG_MS), 2);
    assert.equal(await hot.attend(keyOf('presence'), 'other', LONG_MS), 1);
  },

  'counts nobody who said nothing for too long': async (subject) => {
    const group = keyOf('presence');
    await subject.hot.attend(group, 'brief', SHORT_MS);
    assert.equal(await subject.hot.attend(group, 'lasting', LONG_MS), 2);
    await until(subject, async () => (await subject.hot.attend(group, 'lasting', LONG_MS)) === 1);
  },
};
