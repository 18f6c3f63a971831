import { describe, expect, it } from '@jest/globals';
import { checkBatch, decideAppend, isOver, type LogState } from './log.machine.js';

const log: LogState = { holder: 'h', firstSeq: 1, lastSeq: 5, final: false, events: 5, bytes: 100 };
const batch = (firstSeq: number, lastSeq: number) => ({ firstSeq, lastSeq, data: new Uint8Array() });

describe('a batch for a log with events 1 to 5', () => {
  it.each([
    ['is stored when it is the next one', log, 'h', batch(6, 9), 'store'],
    ['was stored when it is the last one', log, 'h', batch(5, 5), 'stored'],
    ['was stored when it is an earlier one', log, 'h', batch(1, 2), 'stored'],
    ['shows a loss when it leaves a gap', log, 'h', batch(7, 9), 'lost'],
    ['shows a loss when it overlaps', log, 'h', batch(5, 6), 'lost'],
    ['shows a loss when there is no log', undefined, 'h', batch(6, 6), 'lost'],
    ['is fenced when another holds the log', log, 'other', batch(6, 6), 'fenced'],
    ['is fenced even when it is there already', log, 'other', batch(5, 5), 'fenced'],
    ['comes too late when the log is final', { ...log, final: true }, 'h', batch(6, 6), 'finished'],
    ['was stored when it is the final one', { ...log, final: true }, 'h', batch(4, 5), 'stored'],
    ['is fenced when another finished the log', { ...log, final: true }, 'other', batch(6, 6), 'fenced'],
  ])('%s', (_title, state, holder, next, decision) => {
    expect(decideAppend(state, holder, next)).toBe(decision);
  });
});

describe('the size of a log', () => {
  const terms = { ttlMs: 1, leaseMs: 1, maxEvents: 5, maxBytes: 100 };

  it.each([
    ['fits when it is as large as agreed', { events: 5, bytes: 100 }, false],
    ['is over with one event more', { events: 6, bytes: 1 }, true],
    ['is over with one byte more', { events: 1, bytes: 101 }, true],
  ])('%s', (_title, size, over) => {
    expect(isOver(size, terms)).toBe(over);
  });
});

describe('the numbers of a batch', () => {
  it.each([
    [0, 1],
    [2, 1],
    [1, 1.5],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
    [-1, 2],
  ])('cannot be %p to %p', (first, last) => {
    expect(() => checkBatch(batch(first, last))).toThrow(RangeError);
  });

  it('can be any that rise', () => {
    expect(() => checkBatch(batch(1, Number.MAX_SAFE_INTEGER))).not.toThrow();
  });
});
