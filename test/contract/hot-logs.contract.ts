import assert from 'node:assert/strict';
import {
  batch,
  bytes,
  contents,
  ending,
  going,
  type HotCheck,
  keyOf,
  logWith,
  roomy,
  SHORT_MS,
  terms,
  text,
  until,
} from './hot.subject.ts';

/** What a log keeps, for whom and how long. */
export const hotLogContract: Readonly<Record<string, HotCheck>> = {
  'opens a log for exactly one of many racing callers': async ({ hot }) => {
    const log = keyOf('log');
    const race = await Promise.all(
      Array.from({ length: 20 }, (_, at) => hot.openLog(log, `h${at}`, bytes(`${at}`), roomy)),
    );
    assert.equal(race.filter((won) => won).length, 1);
    assert.equal(text((await hot.readLog(log, 0, 1))?.head.header), `${race.indexOf(true)}`);
  },

  'shows an empty log that is held': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    const slice = await hot.readLog(log, 0, 1_000);
    assert.deepEqual(slice?.batches, []);
    assert.deepEqual(
      { ...slice?.head, header: text(slice?.head.header), state: text(slice?.head.state) },
      { header: 'header', state: '', firstSeq: 1, lastSeq: 0, final: false, held: true, cancelRequested: false },
    );
  },

  'reads batches back in order, with the newest state': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    assert.deepEqual(await hot.append(log, 'h', batch(1, 3, 'a'), roomy, going('s1')), {
      outcome: 'stored',
      cancelRequested: false,
    });
    await hot.append(log, 'h', batch(4, 4, 'b'), roomy, going('s2'));
    const slice = await hot.readLog(log, 0, 1_000);
    assert.deepEqual(await contents(hot, log, 0), ['1-3 a', '4-4 b']);
    assert.equal(text(slice?.head.state), 's2');
    assert.equal(slice?.head.lastSeq, 4);
  },

  'keeps events byte for byte when the caller reuses the bytes': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    const data = Uint8Array.from({ length: 256 }, (_, at) => at);
    const reused = Uint8Array.from(data);
    await hot.append(log, 'h', { firstSeq: 1, lastSeq: 1, data: reused }, roomy, going('s'));
    reused.fill(0);
    assert.deepEqual(Uint8Array.from((await hot.readLog(log, 0, 1_000))?.batches[0]?.data ?? []), data);
  },

  'reads on from a number inside a batch': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    await hot.append(log, 'h', batch(1, 3, 'a'), roomy, going('s'));
    await hot.append(log, 'h', batch(4, 12, 'b'), roomy, going('s'));
    assert.deepEqual(await contents(hot, log, 2), ['1-3 a', '4-12 b']);
    assert.deepEqual(await contents(hot, log, 3), ['4-12 b']);
    assert.deepEqual(await contents(hot, log, 11), ['4-12 b']);
    assert.deepEqual(await contents(hot, log, 12), []);
    assert.deepEqual(await contents(hot, log, 99), []);
  },

  'gives at least one batch, and no more than fit': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    for (let seq = 1; seq <= 400; seq++) await hot.append(log, 'h', batch(seq, seq, '0123456789'), roomy, going('s'));
    const read = async (after: number, maxBytes: number) => (await hot.readLog(log, after, maxBytes))?.batches.length;
    assert.equal(await read(0, 1), 1);
    assert.equal(await read(0, 25), 2);
    assert.equal(await read(10, 3_000), 300);
    assert.equal(await read(0, 1_000_000), 400);
  },

  'stores a repeated batch once': async ({ hot }) => {
    const log = await logWith(hot, 3, roomy);
    for (const seq of [3, 2, 3]) {
      assert.equal((await hot.append(log, 'h', batch(seq, seq, `${seq}`), roomy, going('again'))).outcome, 'stored');
    }
    assert.deepEqual(await contents(hot, log, 0), ['1-1 1', '2-2 2', '3-3 3']);
    assert.equal(text((await hot.readLog(log, 0, 1))?.head.state), 's3');
  },

  'calls a log lost that does not continue at the batch': async ({ hot }) => {
    const log = await logWith(hot, 3, roomy);
    assert.equal((await hot.append(log, 'h', batch(5, 5, 'gap'), roomy, going('s'))).outcome, 'lost');
    assert.equal((await hot.append(log, 'h', batch(3, 4, 'overlap'), roomy, going('s'))).outcome, 'lost');
    assert.equal((await contents(hot, log, 0))?.length, 3);
  },

  'calls a log lost that it does not know': async ({ hot }) => {
    const log = keyOf('log');
    assert.equal((await hot.append(log, 'h', batch(1, 1, 'a'), roomy, going('s'))).outcome, 'lost');
    assert.equal((await hot.renewLog(log, 'h', roomy)).outcome, 'lost');
    assert.equal(await hot.readLog(log, 0, 1), undefined);
    assert.equal(await hot.requestCancel(log), false);
    assert.equal(await hot.takeOverLog(log, 'other', roomy), false);
  },

  'refuses what is no batch': async ({ hot }) => {
    const log = await logWith(hot, 0, roomy);
    for (const [first, last] of [
      [0, 0],
      [1, 0],
      [1.5, 2],
      [Number.NaN, 1],
      [-1, 1],
    ] as const) {
      await assert.rejects(hot.append(log, 'h', batch(first, last, 'x'), roomy, going('s')), RangeError);
    }
    assert.deepEqual(await contents(hot, log, 0), []);
  },

  'takes nothing after the final batch': async ({ hot }) => {
    const log = await logWith(hot, 1, roomy);
    assert.equal((await hot.append(log, 'h', batch(2, 2, 'end'), roomy, ending('s'))).outcome, 'stored');
    assert.equal((await hot.append(log, 'h', batch(2, 2, 'end'), roomy, ending('s'))).outcome, 'stored');
    assert.equal((await hot.append(log, 'h', batch(3, 3, 'more'), roomy, going('s'))).outcome, 'finished');
    assert.equal((await hot.renewLog(log, 'h', roomy)).outcome, 'finished');
    assert.equal(await hot.requestCancel(log), false);
    const head = (await hot.readLog(log, 0, 1))?.head;
    assert.deepEqual([head?.final, head?.held, head?.lastSeq], [true, false, 2]);
  },

  'trims the oldest batches when there are too many events, and says where the log begins': async ({ hot }) => {
    const small = terms({ maxEvents: 5 });
    const log = await logWith(hot, 0, small);
    for (let seq = 1; seq <= 9; seq += 2) await hot.append(log, 'h', batch(seq, seq + 1, `${seq}`), small, going('s'));
    assert.deepEqual(await contents(hot, log, 0), ['7-8 7', '9-10 9']);
    assert.equal((await hot.readLog(log, 0, 1))?.head.firstSeq, 7);
  },

  'trims the oldest batches when they are too large, but never the newest': async ({ hot }) => {
    const small = terms({ maxBytes: 10 });
    const log = await logWith(hot, 0, small);
    for (let seq = 1; seq <= 4; seq++) await hot.append(log, 'h', batch(seq, seq, '12345'), small, going('s'));
    assert.deepEqual(await contents(hot, log, 0), ['3-3 12345', '4-4 12345']);
    await hot.append(log, 'h', batch(5, 5, 'much too large for this'), small, going('s'));
    assert.deepEqual(await contents(hot, log, 0), ['5-5 much too large for this']);
    assert.equal((await hot.readLog(log, 0, 1))?.head.firstSeq, 5);
  },

  'forgets a log after its time': async (subject) => {
    const log = await logWith(subject.hot, 2, terms({ ttlMs: SHORT_MS }));
    await until(subject, async () => (await subject.hot.readLog(log, 0, 1)) === undefined);
    assert.equal((await subject.hot.append(log, 'h', batch(3, 3, '3'), roomy, going('s'))).outcome, 'lost');
    assert.equal(await subject.hot.openLog(log, 'other', bytes(''), roomy), true);
    assert.deepEqual(await contents(subject.hot, log, 0), []);
  },

  'forgets a log that is dropped, and no other': async ({ hot }) => {
    const [log, other] = [await logWith(hot, 2, roomy), await logWith(hot, 1, roomy)];
    await hot.append(log, 'h', batch(3, 3, 'end'), roomy, ending('s'));
    await hot.dropLog(log);
    await hot.dropLog(keyOf('log'));
    assert.equal(await hot.readLog(log, 0, 1), undefined);
    assert.deepEqual(await contents(hot, other, 0), ['1-1 1']);
    assert.equal(await hot.openLog(log, 'another', bytes(''), roomy), true);
  },

  'keeps a log as long as its producer last renewed it for': async (subject) => {
    const log = await logWith(subject.hot, 1, roomy);
    await subject.hot.renewLog(log, 'h', terms({ ttlMs: SHORT_MS }));
    await until(subject, async () => (await subject.hot.readLog(log, 0, 1)) === undefined);
  },
};
