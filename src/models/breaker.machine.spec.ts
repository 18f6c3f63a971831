import { describe, expect, it } from '@jest/globals';
import { admit, type Breaker, CLOSED, settle } from './breaker.machine.js';

const plan = { failures: 3, openMs: 1_000 };
const fail = (breaker: Breaker, now: number) =>
  settle(plan, breaker, { admission: 'ordinary', outcome: 'failed' }, now);
const opened: Breaker = { state: 'open', until: 1_000 };

describe('breaker', () => {
  it('opens at the last of so many failures in a row', () => {
    const twice = fail(fail(CLOSED, 0), 0);
    expect(twice).toEqual({ state: 'closed', failures: 2 });
    expect(fail(twice, 5)).toEqual({ state: 'open', until: 1_005 });
  });

  it('forgets failures when a call works', () => {
    const two = fail(fail(CLOSED, 0), 0);
    expect(settle(plan, two, { admission: 'ordinary', outcome: 'worked' }, 0)).toEqual(CLOSED);
  });

  it('learns nothing from a call whose caller left', () => {
    const one = fail(CLOSED, 0);
    expect(settle(plan, one, { admission: 'ordinary', outcome: 'abandoned' }, 0)).toBe(one);
  });

  it('turns calls away until its time is over', () => {
    expect(admit(opened, 999)).toEqual({ breaker: opened, admission: undefined });
  });

  it('lets exactly one call probe afterwards', () => {
    const first = admit(opened, 1_000);
    expect(first).toEqual({ breaker: { state: 'half_open' }, admission: 'probe' });
    expect(admit(first.breaker, 1_000).admission).toBeUndefined();
  });

  it.each([
    ['worked', CLOSED],
    ['failed', { state: 'open', until: 3_000 }],
    ['abandoned', { state: 'open', until: 2_000 }],
  ] as const)('takes the word of its probe: %s', (outcome, next) => {
    expect(settle(plan, { state: 'half_open' }, { admission: 'probe', outcome }, 2_000)).toEqual(next);
  });

  it.each(['worked', 'failed'] as const)('ignores a late call from before it opened that %s', (outcome) => {
    expect(settle(plan, opened, { admission: 'ordinary', outcome }, 500)).toBe(opened);
  });
});
