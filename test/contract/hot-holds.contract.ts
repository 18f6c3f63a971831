import assert from 'node:assert/strict';
import {
  batch,
  contents,
  ending,
  going,
  type HotCheck,
  logWith,
  roomy,
  SHORT_MS,
  terms,
  until,
} from './hot.subject.ts';

/** Who may write. */
export const hotHoldContract: Readonly<Record<string, HotCheck>> = {
  'holds a log for its producer, and not longer than agreed': async (subject) => {
    const log = await logWith(subject.hot, 1, roomy);
    const held = async () => (await subject.hot.readLog(log, 0, 1))?.head.held;
    assert.equal(await held(), true);
    await subject.hot.append(log, 'h', batch(2, 2, '2'), terms({ leaseMs: SHORT_MS }), going('s'));
    await until(subject, async () => (await held()) === false);
    await subject.hot.renewLog(log, 'h', roomy);
    assert.equal(await held(), true);
    await subject.hot.renewLog(log, 'h', terms({ leaseMs: SHORT_MS }));
    await until(subject, async () => (await held()) === false);
  },

  'lets a producer go on after its hold ran out, as long as nobody took over': async (subject) => {
    const log = await logWith(subject.hot, 1, terms({ leaseMs: SHORT_MS }));
    await until(subject, async () => (await subject.hot.readLog(log, 0, 1))?.head.held === false);
    assert.equal((await subject.hot.append(log, 'h', batch(2, 2, '2'), roomy, going('s'))).outcome, 'stored');
    assert.equal((await subject.hot.readLog(log, 0, 1))?.head.held, true);
  },

  'gives an orphaned log to exactly one of many racers': async (subject) => {
    const log = await logWith(subject.hot, 1, terms({ leaseMs: SHORT_MS }));
    await until(subject, async () => (await subject.hot.readLog(log, 0, 1))?.head.held === false);
    const race = await Promise.all(
      Array.from({ length: 20 }, (_, at) => subject.hot.takeOverLog(log, `heir ${at}`, roomy)),
    );
    assert.equal(race.filter((won) => won).length, 1);
    const heir = `heir ${race.indexOf(true)}`;
    assert.equal((await subject.hot.append(log, heir, batch(2, 2, '2'), roomy, ending('s'))).outcome, 'stored');
  },

  'fences the producer whose log was taken over': async (subject) => {
    const log = await logWith(subject.hot, 1, terms({ leaseMs: SHORT_MS }));
    await until(subject, () => subject.hot.takeOverLog(log, 'heir', roomy));
    assert.equal((await subject.hot.append(log, 'h', batch(2, 2, 'late'), roomy, going('s'))).outcome, 'fenced');
    assert.equal((await subject.hot.append(log, 'h', batch(1, 1, '1'), roomy, going('s'))).outcome, 'fenced');
    assert.equal((await subject.hot.renewLog(log, 'h', roomy)).outcome, 'fenced');
    assert.deepEqual(await contents(subject.hot, log, 0), ['1-1 1']);
  },

  'gives nobody a log that is held or final': async ({ hot }) => {
    const log = await logWith(hot, 1, roomy);
    assert.equal(await hot.takeOverLog(log, 'heir', roomy), false);
    assert.equal(await hot.takeOverLog(log, 'h', roomy), true);
    await hot.append(log, 'h', batch(2, 2, 'end'), roomy, ending('s'));
    assert.equal(await hot.takeOverLog(log, 'heir', roomy), false);
    assert.equal(await hot.takeOverLog(log, 'h', roomy), false);
  },

  'tells the producer that it was asked to stop': async ({ hot }) => {
    const log = await logWith(hot, 1, roomy);
    assert.equal(await hot.requestCancel(log), true);
    assert.equal(await hot.requestCancel(log), true);
    assert.deepEqual(await hot.renewLog(log, 'h', roomy), { outcome: 'stored', cancelRequested: true });
    assert.deepEqual(await hot.append(log, 'h', batch(2, 2, '2'), roomy, going('s')), {
      outcome: 'stored',
      cancelRequested: true,
    });
    assert.equal((await hot.readLog(log, 0, 1))?.head.cancelRequested, true);
  },
};
