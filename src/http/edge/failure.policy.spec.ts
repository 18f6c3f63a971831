import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, NotFoundException } from '@nestjs/common';
import { AppError } from '#src/kernel/index.js';
import { failureOf } from './failure.policy.js';

const facts = { unrouted: false, allow: [], maxBodyBytes: 1_048_576, frameworkStatus: undefined };
const fastifyError = (code: string, statusCode: number) =>
  Object.assign(new Error('secret detail'), { code, statusCode });

describe('a failure becomes a row of the error table', () => {
  it('an AppError is what it says', () => {
    const error = new AppError('GONE', 'expired');
    expect(failureOf(error, facts)).toBe(error);
  });

  it.each([
    ['a body over the limit', fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'PAYLOAD_TOO_LARGE'],
    ['another media type', fastifyError('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'UNSUPPORTED_MEDIA_TYPE'],
    ['a bad URL', fastifyError('FST_ERR_BAD_URL', 400), 'BAD_INPUT'],
    ['an unknown 4xx of the framework', fastifyError('FST_ERR_NEW', 418), 'BAD_INPUT'],
    ['a status a library speaks of', fastifyError('EAUTH', 401), 'INTERNAL'],
    ['a bug', new TypeError('secret detail'), 'INTERNAL'],
    ['a thrown string', 'secret detail', 'INTERNAL'],
    ['nothing at all', undefined, 'INTERNAL'],
  ])('%s', (_what, error, code) => {
    const failure = failureOf(error, facts);
    expect(failure.code).toBe(code);
    expect(JSON.stringify([failure.message, failure.extensions])).not.toContain('secret detail');
  });

  it('an exception of the framework by its status', () => {
    expect(failureOf(new ForbiddenException('x'), { ...facts, frameworkStatus: 403 }).code).toBe('FORBIDDEN');
  });

  it('a known path with another method names the methods', () => {
    const failure = failureOf(new NotFoundException(), { ...facts, unrouted: true, allow: ['GET', 'POST'] });
    expect(failure).toMatchObject({ code: 'METHOD_NOT_ALLOWED', extensions: { details: { allow: ['GET', 'POST'] } } });
  });

  it('an unknown path is not found', () => {
    expect(failureOf(new NotFoundException(), { ...facts, unrouted: true }).code).toBe('NOT_FOUND');
  });
});
