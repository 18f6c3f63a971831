import { describe, expect, it } from '@jest/globals';
import { waitFor } from '#src/kernel/index.js';
import { comeBackOf } from './come-back.policy.js';

const MINUTES_10 = 600_000;

describe('the work of a caller who left', () => {
  it.each([
    ['that times out', { kind: 'first', marked: true }, MINUTES_10, MINUTES_10, 10_000],
    ['whose clock began before ours', { kind: 'first', marked: true }, 5_000, 4_100, 10_000],
    ['that says no time', { kind: 'first', marked: true }, 0, 3, 10_000],
    ['that leaves before its time', { kind: 'first', marked: true }, MINUTES_10, 3_000, 750],
    ['that leaves its first retry', { kind: 'retry', count: 1 }, MINUTES_10, 3_000, 1_250],
    ['that leaves its tenth retry', { kind: 'retry', count: 10 }, MINUTES_10, 3_000, 10_000],
    ['that leaves its last retry of all', { kind: 'retry', count: 9_999 }, MINUTES_10, 3_000, 10_000],
    ['that does not count', { kind: 'first', marked: false }, MINUTES_10, 3_000, 0],
  ] as const)('waits for one %s', (_who, repeat, timeoutMs, elapsedMs, expected) => {
    const comeBack = comeBackOf(repeat, timeoutMs);
    expect(comeBack && waitFor(comeBack, elapsedMs)).toBe(expected);
  });

  it('goes on to its end for whoever has the key', () => {
    expect(comeBackOf({ kind: 'keyed', key: 'k' }, MINUTES_10)).toBe(undefined);
  });
});
