import { describe, expect, it } from '@jest/globals';
import { AppError } from '#src/kernel/index.js';
import { responseOf } from './response.policy.js';
import { ResponseView } from './response.schema.js';
import { isOver, overtaken } from './response-state.policy.js';

const birth = { id: 'resp_1', createdAt: 1_700_000_000_900 };
const request = { model: 'm', input: 'Tea?', max_output_tokens: 5 };
const nothing = { output: [], usage: undefined };
const view = (progress: Parameters<typeof responseOf>[3]) => responseOf(birth, request, nothing, progress);

describe('a response', () => {
  it.each([
    [{ status: 'queued' }, false, { completed_at: null, error: null, incomplete_details: null }],
    [{ status: 'in_progress' }, false, { completed_at: null, error: null }],
    [{ status: 'completed', at: 1_700_000_001_000 }, true, { completed_at: 1_700_000_001, error: null }],
    [
      { status: 'incomplete', reason: 'max_output_tokens' },
      true,
      { incomplete_details: { reason: 'max_output_tokens' }, completed_at: null },
    ],
    [{ status: 'incomplete', reason: 'content_filter' }, true, { incomplete_details: { reason: 'content_filter' } }],
    [{ status: 'cancelled', at: 0 }, true, { error: null, incomplete_details: null }],
    [{ status: 'failed', error: new AppError('QUOTA_EXHAUSTED') }, true, { error: { code: 'rate_limit_exceeded' } }],
    [{ status: 'failed', error: new AppError('UPSTREAM_TIMEOUT') }, true, { error: { code: 'server_error' } }],
  ] as const)('that is %j has its own shape (over: %s)', (progress, over, shape) => {
    const response = view(progress);
    expect(ResponseView.parse(response)).toEqual(response);
    expect(response).toMatchObject({ ...shape, status: progress.status, created_at: 1_700_000_000, store: true });
    expect(isOver(response)).toBe(over);
  });

  it.each([
    ['cancelled', 'CANCELLED', 'cancelled'],
    ['failed', 'UPSTREAM_TIMEOUT', 'failed'],
    ['failed', null, 'failed'],
    ['completed', null, 'failed'],
  ] as const)('whose run ended %s (%s) without it is %s', (status, problem, expected) => {
    expect(overtaken(view({ status: 'in_progress' }), { status, problem })).toMatchObject({ status: expected });
  });
});
