import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../upstream-error.js';
import { retryAfter, retryDelay, statusError } from './upstream-status.policy.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('statusError', () => {
  it.each([
    [401, 'refused', false, 'UPSTREAM_FAILED'],
    [403, 'refused', false, 'UPSTREAM_FAILED'],
    [408, 'busy', true, 'UPSTREAM_FAILED'],
    [409, 'busy', true, 'UPSTREAM_FAILED'],
    [429, 'limited', true, 'RATE_LIMITED'],
    [500, 'busy', true, 'UPSTREAM_FAILED'],
    [503, 'busy', true, 'UPSTREAM_FAILED'],
    [301, 'unserved', false, 'UPSTREAM_FAILED'],
    [404, 'unserved', false, 'UPSTREAM_FAILED'],
    [400, 'rejected', false, 'BAD_INPUT'],
    [413, 'rejected', false, 'BAD_INPUT'],
    [422, 'rejected', false, 'BAD_INPUT'],
  ] as const)('%i is %s', (status, fault, retryable, code) => {
    expect(statusError(status, {}, NOW)).toMatchObject({ code, status, fault, retryable });
  });

  it.each([400, 429])('%i of an account without money is no fault of its caller', (status) => {
    const body = '{"error":{"code":"insufficient_quota"}}';
    expect(statusError(status, {}, NOW, body)).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'refused' });
  });

  it('a final conflict is not tried again', () => {
    expect(statusError(409, { 'x-should-retry': 'false' }, NOW).retryable).toBe(false);
  });

  it('tells the caller when to come back', () => {
    expect(statusError(429, { 'retry-after': '7' }, NOW).retryAfterMs).toBe(7_000);
  });
});

describe('retryAfter', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1234', 'retry-after': '2' }, 1_234],
    [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10_000],
    [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:00 GMT' }, 0],
    [{ 'retry-after': '999999999' }, 300_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5x' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(retryAfter(headers, NOW)).toBe(expected);
  });
});

describe('retryDelay', () => {
  const busy = (retryAfterMs?: number) =>
    new UpstreamError('busy', 'x', retryAfterMs === undefined ? {} : { retryAfterMs });

  it.each([
    ['waits its own time when nothing was said', busy(), 0, 150],
    ['waits as long as it is asked to', busy(3_000), 0, 3_000],
    ['waits its own time when asked for less', busy(10), 1, 150],
    ['gives up after two retries', busy(), 2, undefined],
    ['gives up when the wait is too long for one request', busy(10_001), 0, undefined],
    ['retries a broken connection', new UpstreamError('network', 'x'), 0, 150],
    ['does not retry what was rejected', new UpstreamError('rejected', 'x'), 0, undefined],
    ['does not retry silence', new UpstreamError('timeout', 'x'), 0, undefined],
    ['does not retry a fault of ours', new TypeError('x'), 0, undefined],
  ])('%s', (_title, error, retries, expected) => {
    expect(retryDelay(error, retries, 150)).toBe(expected);
  });
});
