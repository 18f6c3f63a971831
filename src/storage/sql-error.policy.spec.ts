import { describe, expect, it } from '@jest/globals';
import { DrizzleQueryError } from 'drizzle-orm';
import { isExhausted, isLoss, isUniqueViolation, StatementError, withoutValues } from './sql-error.policy.js';

const fromServer = (code: string): Error =>
  Object.assign(new Error('the server said so'), { code, severity: 'ERROR', constraint: 'runs_pkey' });
const fromDriver = (code: string): Error => Object.assign(new Error('connect failed'), { code });
const wrapped = (cause: Error): Error => new DrizzleQueryError('INSERT INTO runs VALUES ($1)', ['secret'], cause);

describe('an error that leaves a transaction', () => {
  it('keeps code and constraint of a refused statement, and none of its values', () => {
    const error = withoutValues(wrapped(fromServer('23505')));
    expect(error).toBeInstanceOf(StatementError);
    expect(error).toMatchObject({ code: '23505', constraint: 'runs_pkey' });
    expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain('secret');
  });

  it('is the work’s own when no statement was refused', () => {
    const own = new Error('work failed', { cause: wrapped(fromServer('23505')) });
    expect(withoutValues(own)).toBe(own);
    expect(withoutValues('text')).toBe('text');
  });

  it('loses the statement around a driver’s error', () => {
    const cause = new TypeError('no such parameter type');
    expect(withoutValues(wrapped(cause))).toBe(cause);
  });
});

describe('a unique violation', () => {
  it.each([
    ['is seen inside a transaction', wrapped(fromServer('23505')), true],
    ['is seen outside', withoutValues(wrapped(fromServer('23505'))), true],
    ['is no other violation', wrapped(fromServer('23503')), false],
    ['is nothing that only looks like one', Object.assign(new Error('x'), { code: '23505' }), false],
    ['is not undefined', undefined, false],
  ])('%s', (_title, error, expected) => {
    expect(isUniqueViolation(error)).toBe(expected);
  });
});

describe('a driver’s error', () => {
  it.each([
    ['means the server is gone when the socket failed', fromDriver('ECONNRESET'), true],
    ['means the server is gone when there is no code', new Error('Connection terminated unexpectedly'), true],
    ['means the server is gone when it is shutting down', fromServer('57P01'), true],
    ['means the server is gone when it has no connection left', fromServer('53300'), true],
    ['means the server is gone when it closed the connection', fromServer('08006'), true],
    ['is an answer when the statement took too long', fromServer('57014'), false],
    ['is an answer when a constraint was violated', fromServer('23505'), false],
    ['is an answer when the statement was wrong', fromServer('42601'), false],
    ['is our mistake when the driver cannot take a parameter', new TypeError('circular'), false],
  ])('%s', (_title, error, expected) => {
    expect(isLoss(error)).toBe(expected);
  });

  it.each([
    ['a statement that took too long', '57014', true],
    ['a full disk', '53100', true],
    ['no memory left', '53200', true],
    ['a refused statement', '23505', false],
  ])('tells exhaustion from others: %s', (_what, code, expected) => {
    expect(isExhausted(wrapped(fromServer(code)))).toBe(expected);
  });
});
