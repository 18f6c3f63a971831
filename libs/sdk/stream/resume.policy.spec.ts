import { describe, expect, it } from '@jest/globals';
import { chooseDoor, patienceFor, placeOf } from './resume.policy.js';

describe('the place of an event', () => {
  it.each([
    [1, 'stage', 0, 'next'],
    [7, 'stage', undefined, 'next'],
    [3, 'stage', 3, 'duplicate'],
    [1, 'gap', 3, 'duplicate'],
    [5, 'stage', 3, 'hole'],
    [5, 'gap', 3, 'next'],
  ] as const)('%i %s behind %s is %s', (seq, event, last, placement) => {
    expect(placeOf({ seq, event }, last)).toBe(placement);
  });
});

describe('the way back into a stream', () => {
  it.each([
    [
      { token: 't', tokenRefused: false, streamId: 's' },
      { by: 'token', token: 't' },
    ],
    [
      { token: 't', tokenRefused: true, streamId: 's' },
      { by: 'id', streamId: 's' },
    ],
    [
      { token: undefined, tokenRefused: false, streamId: 's' },
      { by: 'id', streamId: 's' },
    ],
    [{ token: 't', tokenRefused: true, streamId: undefined }, { by: 'none' }],
  ])('with %j is %j', (keys, door) => {
    expect(chooseDoor(keys)).toEqual(door);
  });
});

describe('patience', () => {
  const limits = { maxAttempts: 3, maxOutageMs: 60_000 };
  const outage = { failures: 1, lastedMs: 0, retryMs: 2_000, retryAfterMs: undefined };

  it('grows from what the service asks reconnecting clients to wait', () => {
    const waits = [1, 2, 3].map((failures) => patienceFor({ ...outage, failures }, limits, 0));
    expect(waits).toEqual([{ waitMs: 1_000 }, { waitMs: 2_000 }, { waitMs: 4_000 }]);
  });

  it('is at least what a refusal asks for, and bounded whatever a service asks', () => {
    expect(patienceFor({ ...outage, retryAfterMs: 9_000 }, limits, 0)).toEqual({ waitMs: 9_000 });
    expect(patienceFor({ ...outage, retryMs: 1e12 }, limits, 0)).toEqual({ waitMs: 15_000 });
  });

  it.each([
    ['attempts', { failures: 4 }, '3 attempts'],
    ['time', { lastedMs: 59_500 }, 'within 60000 ms'],
    ['time that a refusal asks for', { retryAfterMs: 90_000 }, 'within 60000 ms'],
  ])('ends with the allowed %s', (_what, change, why) => {
    const patience = patienceFor({ ...outage, ...change }, limits, 0);
    expect(patience).toEqual({ givesUp: expect.stringContaining(why) });
  });
});
