import assert from 'node:assert/strict';
import type { LogBatch } from '#src/storage/index.js';
import { batch, going, type HotCheck, LONG_MS, logWith, roomy, terms, text, until } from './hot.subject.ts';

/** Who hears of it. */
export const hotFollowContract: Readonly<Record<string, HotCheck>> = {
  'tells every follower of every append, in order': async (subject) => {
    const log = await logWith(subject.hot, 0, roomy);
    const heard: string[][] = [[], []];
    for (const notices of heard) await subject.hot.followLog(log, (notice) => notices.push(spoken(notice)));
    for (let seq = 1; seq <= 20; seq++)
      await subject.hot.append(log, 'h', batch(seq, seq, `${seq}`), roomy, going('s'));
    await until(subject, () => heard.every((notices) => notices.length >= 20));
    const expected = Array.from({ length: 20 }, (_, at) => `${at + 1}-${at + 1} ${at + 1}`);
    assert.deepEqual(heard, [expected, expected]);
  },

  'tells followers of a cancel request': async (subject) => {
    const log = await logWith(subject.hot, 0, roomy);
    let told = 0;
    await subject.hot.followLog(log, () => told++);
    await subject.hot.requestCancel(log);
    await until(subject, () => told > 0);
  },

  'tells followers of a batch too large for a notice': async (subject) => {
    const log = await logWith(subject.hot, 0, terms({ maxBytes: 10_000_000 }));
    let told = 0;
    await subject.hot.followLog(log, () => told++);
    const large = { firstSeq: 1, lastSeq: 1, data: new Uint8Array(2_000_000) };
    await subject.hot.append(log, 'h', large, terms({ maxBytes: 10_000_000 }), going('s'));
    await until(subject, () => told > 0);
    assert.equal((await subject.hot.readLog(log, 0, LONG_MS))?.batches[0]?.data.length, 2_000_000);
  },

  'tells nobody who stopped, and everybody who did not': async (subject) => {
    const log = await logWith(subject.hot, 0, roomy);
    let staying = 0;
    let leaving = 0;
    await subject.hot.followLog(log, () => staying++);
    const stop = await subject.hot.followLog(log, () => leaving++);
    await subject.hot.append(log, 'h', batch(1, 1, '1'), roomy, going('s'));
    await until(subject, () => staying === 1 && leaving === 1);
    stop();
    stop();
    await subject.hot.append(log, 'h', batch(2, 2, '2'), roomy, going('s'));
    await until(subject, () => staying === 2);
    assert.equal(leaving, 1);
  },

  'follows again after everybody stopped': async (subject) => {
    const log = await logWith(subject.hot, 0, roomy);
    (await subject.hot.followLog(log, () => undefined))();
    let told = 0;
    await subject.hot.followLog(log, () => told++);
    await subject.hot.append(log, 'h', batch(1, 1, '1'), roomy, going('s'));
    await until(subject, () => told === 1);
  },

  'goes on telling when a listener throws': async (subject) => {
    const log = await logWith(subject.hot, 0, roomy);
    let told = 0;
    await subject.hot.followLog(log, () => {
      throw new Error('listener failed');
    });
    await subject.hot.followLog(log, () => told++);
    await subject.hot.append(log, 'h', batch(1, 1, '1'), roomy, going('s'));
    await until(subject, () => told === 1);
  },
};

const spoken = (notice: LogBatch | undefined): string =>
  notice === undefined ? 'look' : `${notice.firstSeq}-${notice.lastSeq} ${text(notice.data)}`;
