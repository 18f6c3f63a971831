import { describe, expect, it } from '@jest/globals';
import { AbortError, ConnectionError, CountersignError, ResponseHashError, TimeoutError } from './errors.js';
import { backOffMs, decideRetry, REQUEST_BACK_OFF } from './retry.policy.js';
import { retryAfterMs } from './retry-after.policy.js';

const answered = (status: number, retryMs: number | undefined): CountersignError =>
  new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'x', status, retryAfterMs: retryMs });
const lost = new ConnectionError('lost', new TypeError('fetch failed'));

describe('another attempt', () => {
  it.each<readonly [string, CountersignError, boolean | undefined, boolean]>([
    ['a cut line', lost, undefined, true],
    ['silence', new TimeoutError(1), undefined, true],
    ['the caller’s own abort', new AbortError(undefined), undefined, false],
    ['400', answered(400, undefined), undefined, false],
    ['408', answered(408, undefined), undefined, true],
    ['409', answered(409, undefined), undefined, false],
    ['409 that may be repeated', answered(409, 1_000), true, true],
    ['409 that may not', answered(409, 1_000), false, false],
    ['429', answered(429, undefined), undefined, true],
    ['429 with a wait of an hour', answered(429, 3_600_000), undefined, false],
    ['429 that may not be repeated', answered(429, 1), false, false],
    ['500', answered(500, undefined), undefined, true],
    ['503 with a time to come back', answered(503, 1_000), undefined, true],
  ])('after %s', (_what, error, shouldRetry, retry) => {
    expect(decideRetry({ error, shouldRetry, before: undefined }).retry).toBe(retry);
  });

  it('after a damaged answer comes once, not again after a second one', () => {
    const error = new ResponseHashError('ff', '00', { status: 200 });
    const decide = (before: CountersignError | undefined) =>
      decideRetry({ error, shouldRetry: undefined, before: before?.code }).retry;
    expect([decide(undefined), decide(lost), decide(error)]).toEqual([true, true, false]);
  });

  it('after an answer without its hash comes where its status says so', () => {
    const decide = (status: number) =>
      decideRetry({
        error: new ResponseHashError(undefined, '00', { status }),
        shouldRetry: undefined,
        before: undefined,
      }).retry;
    expect([decide(200), decide(400), decide(503)]).toEqual([false, false, true]);
  });

  it('waits twice as long each time, within bounds, half of it by chance', () => {
    const waits = (random: number) =>
      [1, 2, 3, 9, 4_000].map((attempt) => backOffMs(REQUEST_BACK_OFF, attempt, random));
    expect(waits(0)).toEqual([250, 500, 1_000, 4_000, 4_000]);
    expect(waits(0.999_999)).toEqual([500, 1_000, 2_000, 8_000, 8_000]);
  });
});

describe('the wait a service asks for', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '3', 'retry-after-ms': '2500' }, 2_500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{}, undefined],
  ])('in %j is %s ms', (headers, expected) => {
    expect(retryAfterMs(new Headers(headers), now)).toBe(expected);
  });
});
