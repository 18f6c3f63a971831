import assert from 'node:assert/strict';
import { bytes, type HotCheck, keyOf, LONG_MS, SHORT_MS, text, until } from './hot.subject.ts';

/** Pairs that would be one key if parts were glued together without care. */
const TWINS = [
  [
    { tenant: 'a', id: 'b:lock:c' },
    { tenant: 'a:lock:b', id: 'c' },
  ],
  [
    { tenant: 'a}:lock:x', id: 'y' },
    { tenant: 'a', id: 'x}:lock:y' },
  ],
  [
    { tenant: '{a', id: 'b' },
    { tenant: 'a', id: 'b' },
  ],
  [
    { tenant: '', id: 'b' },
    { tenant: '%', id: 'b' },
  ],
  [
    { tenant: '%007b', id: 'b' },
    { tenant: '{', id: 'b' },
  ],
  [
    { tenant: 'a', id: '\ud800' },
    { tenant: 'a', id: '\ufffd' },
  ],
  [
    { tenant: 'a', id: 'é' },
    { tenant: 'a', id: 'e\u0301' },
  ],
] as const;

/** Values and locks. */
export const hotValueContract: Readonly<Record<string, HotCheck>> = {
  'gives a value back byte for byte': async ({ hot }) => {
    const key = keyOf('cache');
    const every = Uint8Array.from({ length: 256 }, (_, at) => at);
    await hot.set(key, every, LONG_MS);
    assert.deepEqual(Uint8Array.from((await hot.get(key)) ?? []), every);
  },

  'keeps an empty value apart from none': async ({ hot }) => {
    const key = keyOf('cache');
    assert.equal(await hot.get(key), undefined);
    await hot.set(key, bytes(''), LONG_MS);
    assert.equal(text(await hot.get(key)), '');
  },

  'replaces a value that is set again': async ({ hot }) => {
    const key = keyOf('bucket');
    await hot.set(key, bytes('old'), LONG_MS);
    await hot.set(key, bytes('new'), LONG_MS);
    assert.equal(text(await hot.get(key)), 'new');
  },

  'keeps what it was given when the caller reuses the bytes': async ({ hot }) => {
    const key = keyOf('bucket');
    const reused = Uint8Array.from(bytes('before'));
    await hot.set(key, reused, LONG_MS);
    reused.fill(0);
    assert.equal(text(await hot.get(key)), 'before');
  },

  'forgets a deleted value': async ({ hot }) => {
    const key = keyOf('ledger');
    await hot.set(key, bytes('1'), LONG_MS);
    await hot.delete(key);
    await hot.delete(key);
    assert.equal(await hot.get(key), undefined);
  },

  'forgets a value after its time': async (subject) => {
    const key = keyOf('bucket');
    await subject.hot.set(key, bytes('1'), SHORT_MS);
    await until(subject, async () => (await subject.hot.get(key)) === undefined);
  },

  'keeps tenants, areas and ids apart, whatever characters they hold': async ({ hot }) => {
    for (const [one, other] of TWINS) {
      await hot.set({ ...one, area: 'lock' }, bytes('one'), LONG_MS);
      await hot.delete({ ...other, area: 'lock' });
      await hot.set({ ...one, area: 'nonce' }, bytes('two'), LONG_MS);
      assert.equal(text(await hot.get({ ...one, area: 'lock' })), 'one');
      assert.equal(await hot.get({ ...other, area: 'lock' }), undefined);
    }
  },

  'gives an absent value to exactly one of many racing callers': async ({ hot }) => {
    const key = keyOf('nonce');
    const race = await Promise.all(
      Array.from({ length: 20 }, (_, at) => hot.setIfAbsent(key, bytes(`${at}`), LONG_MS)),
    );
    assert.equal(race.filter((won) => won).length, 1);
    assert.equal(text(await hot.get(key)), `${race.indexOf(true)}`);
  },

  'takes a value for absent after its time': async (subject) => {
    const key = keyOf('nonce');
    assert.equal(await subject.hot.setIfAbsent(key, bytes('1'), SHORT_MS), true);
    await until(subject, () => subject.hot.setIfAbsent(key, bytes('2'), LONG_MS));
    assert.equal(text(await subject.hot.get(key)), '2');
  },

  'gives a free lock to exactly one of many racing holders': async ({ hot }) => {
    const key = keyOf('lock');
    const race = await Promise.all(Array.from({ length: 20 }, (_, at) => hot.acquire(key, `holder ${at}`, LONG_MS)));
    assert.equal(race.filter((won) => won).length, 1);
  },

  'extends a lock for its holder and refuses everybody else': async (subject) => {
    const key = keyOf('lock');
    await subject.hot.acquire(key, 'one', SHORT_MS);
    assert.equal(await subject.hot.acquire(key, 'one', LONG_MS), true);
    for (let passed = 0; passed < SHORT_MS * 2; passed += SHORT_MS) await subject.tick(SHORT_MS);
    assert.equal(await subject.hot.acquire(key, 'other', LONG_MS), false);
  },

  'frees a lock after its time': async (subject) => {
    const key = keyOf('lock');
    await subject.hot.acquire(key, 'one', LONG_MS);
    assert.equal(await subject.hot.acquire(key, 'other', LONG_MS), false);
    await subject.hot.acquire(key, 'one', SHORT_MS);
    await until(subject, () => subject.hot.acquire(key, 'other', LONG_MS));
  },

  'gives a lock back only for its holder': async ({ hot }) => {
    const key = keyOf('lock');
    await hot.acquire(key, 'one', LONG_MS);
    await hot.release(key, 'other');
    assert.equal(await hot.acquire(key, 'other', LONG_MS), false);
    await hot.release(key, 'one');
    assert.equal(await hot.acquire(key, 'other', LONG_MS), true);
  },

  'answers a ping': async ({ hot }) => {
    assert.ok((await hot.ping()) >= 0);
  },
};
