import { describe, expect, it } from '@jest/globals';
import { waitBeforeReopening } from './reopening.policy.js';

const MINUTE = 60_000;

describe('reopening a crashed engine', () => {
  it('happens at once when it had been steady', () => {
    expect(waitBeforeReopening(0, MINUTE)).toBe(0);
    expect(waitBeforeReopening(30_000, 60 * MINUTE)).toBe(0);
  });

  it('takes twice as long each time it does not last, up to half a minute', () => {
    const waits = [waitBeforeReopening(0, 0)];
    while (waits.length < 8) waits.push(waitBeforeReopening(waits.at(-1) ?? 0, MINUTE - 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });
});
