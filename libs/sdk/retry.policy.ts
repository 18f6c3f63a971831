import type { CountersignError, ErrorCode } from './errors.js';

/** A wait the service asks for that is longer than this is left to the caller, ms. */
const LONGEST_RETRY_AFTER_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

const NETWORK_FAULTS: ReadonlySet<string> = new Set(['CONNECTION_FAILED', 'TIMED_OUT']);

/** A request that failed, as far as it matters for trying it again. */
export interface FailedAttempt {
  readonly error: CountersignError;
  /** The `x-should-retry` header, when the service sent one. */
  readonly shouldRetry: boolean | undefined;
  /** How the attempt before it failed; `undefined` for the first. */
  readonly before: ErrorCode | undefined;
}

/** Whether to try again, and when. `waitMs` is `undefined` when the service asked for no particular wait. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly waitMs: number | undefined };

/** Decides on another attempt, which never does a thing twice. The service's own word comes first. */
export function decideRetry({ error, shouldRetry, before }: FailedAttempt): RetryDecision {
  const no = { retry: false } as const;
  const yes = { retry: true, waitMs: error.retryAfterMs } as const;
  // An answer damaged by chance arrives whole the next time; one that is damaged again is altered on purpose.
  if (error.code === 'RESPONSE_HASH_MISMATCH') return before === error.code ? no : yes;
  if (shouldRetry === false) return no;
  if ((error.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return no;
  if (shouldRetry === true) return yes;
  if (error.status === undefined) return NETWORK_FAULTS.has(error.code) ? yes : no;
  return error.status === 408 || error.status === 429 || error.status >= 500 ? yes : no;
}

/** How a wait grows. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

export const REQUEST_BACK_OFF: BackOff = { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS };

/**
 * The wait before attempt `attempt` (1 is the first repeat): doubling, half of it by chance, so that clients that failed
 * together do not come back together.
 *
 * @param random at least 0, less than 1
 */
export function backOffMs({ firstMs, longestMs }: BackOff, attempt: number, random: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling * (0.5 + random / 2));
}
