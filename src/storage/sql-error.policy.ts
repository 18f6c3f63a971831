import { DrizzleQueryError } from 'drizzle-orm';
import { codeOf } from '#src/kernel/index.js';

const SQLSTATE = /^[0-9A-Z]{5}$/;
const UNIQUE_VIOLATION = '23505';
/** Out of time (cancelled), of disk, of memory. */
const EXHAUSTED = /^(57014|53100|53200)$/;
/** Connection exceptions, shutdowns, a transaction idle for too long, and no connection left. */
const UNAVAILABLE = /^(08...|57P..|25P03|53300)$/;

/** What both drivers put on an error the server sent. */
interface ServerError extends Error {
  readonly code: string;
  readonly constraint?: string | undefined;
}

/**
 * The database refused a statement. Holds no statement, no parameter and no row: drivers put them into their messages,
 * and they are the tenant's. Equal for both databases.
 */
export class StatementError extends Error {
  constructor(
    /** SQLSTATE, five characters. */
    readonly code: string,
    /** Name of the constraint that was violated. */
    readonly constraint: string | undefined,
    text: string,
  ) {
    super(`${text} (SQLSTATE ${code})`);
    this.name = 'StatementError';
  }
}

/** Whether a statement failed because the row exists already; for use inside and outside a transaction. */
export const isUniqueViolation = (error: unknown): boolean => serverError(error)?.code === UNIQUE_VIOLATION;

/** `work` resolved although one of its statements had failed: the database keeps nothing of such a transaction. */
export const rolledBack = (): StatementError =>
  new StatementError('25P02', undefined, 'A statement had failed, so the transaction was rolled back');

/** What leaves a transaction for an error raised in it: statement errors without values, anything else unchanged. */
export function withoutValues(error: unknown): unknown {
  const refused = serverError(error);
  if (refused !== undefined) return new StatementError(refused.code, refused.constraint, refused.message);
  return error instanceof DrizzleQueryError ? (error.cause ?? error) : error;
}

/** Whether the server gave up on a statement that there is nothing wrong with: it ran out of time, disk or memory. */
export const isExhausted = (error: unknown): boolean => EXHAUSTED.test(serverError(error)?.code ?? '');

/** Whether a driver's error means that nobody gets an answer from the server now: it did not send this error, or says so. */
export function isLoss(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const state = serverError(error)?.code;
  return state === undefined || UNAVAILABLE.test(state);
}

function serverError(error: unknown): ServerError | undefined {
  const origin = error instanceof DrizzleQueryError ? error.cause : error;
  return isServerError(origin) ? origin : undefined;
}

/** Only the server sends a severity. */
const isServerError = (error: unknown): error is ServerError =>
  error instanceof StatementError ||
  (error instanceof Error && 'severity' in error && SQLSTATE.test(codeOf(error) ?? ''));
