import { describe, expect, it } from '@jest/globals';
import { AbortError, ConnectionError, CountersignError, TimeoutError } from './errors.js';
import { backOffMs, decideRetry, REQUEST_BACK_OFF } from './retry.policy.js';
import { retryAfterMs } from './retry-after.policy.js';

const answered = (status: number, retryMs: number | undefined): CountersignError =>
  new CountersignError({ code: 'UNEXPECTED_RESPONSE', message: 'x', status, retryAfterMs: retryMs });
const lost = new ConnectionError('lost', new TypeError('fetch failed'));
const systemError = { code: 'ENOTFOUND' };
const unsent = new ConnectionError('unsent', new TypeError('fetch failed', { cause: systemError }));

describe('another attempt', () => {
  it.each<readonly [string, CountersignError, 'safe' | 'unsafe', boolean | undefined, boolean]>([
    ['a cut line, safe', lost, 'safe', undefined, true],
    ['a cut line, unsafe', lost, 'unsafe', undefined, false],
    ['a line that never stood, unsafe', unsent, 'unsafe', undefined, true],
    ['silence, safe', new TimeoutError(1), 'safe', undefined, true],
    ['silence, unsafe', new TimeoutError(1), 'unsafe', undefined, false],
    ['the caller’s own abort', new AbortError(undefined), 'safe', undefined, false],
    ['400', answered(400, undefined), 'safe', undefined, false],
    ['408, unsafe', answered(408, undefined), 'unsafe', undefined, true],
    ['409', answered(409, undefined), 'safe', undefined, false],
    ['409 that may be repeated', answered(409, 1_000), 'unsafe', true, true],
    ['409 that may not', answered(409, 1_000), 'safe', false, false],
    ['429, unsafe', answered(429, undefined), 'unsafe', undefined, true],
    ['429 with a wait of an hour', answered(429, 3_600_000), 'safe', undefined, false],
    ['429 that may not be repeated', answered(429, 1), 'safe', false, false],
    ['500, safe', answered(500, undefined), 'safe', undefined, true],
    ['500, unsafe', answered(500, undefined), 'unsafe', undefined, false],
    ['503 with a time to come back, unsafe', answered(503, 1_000), 'unsafe', undefined, true],
    ['504, unsafe', answered(504, undefined), 'unsafe', undefined, false],
  ])('after %s', (_what, error, repeat, shouldRetry, retry) => {
    expect(decideRetry({ error, repeat, shouldRetry }).retry).toBe(retry);
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
