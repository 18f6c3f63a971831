import type { CountersignError } from './errors.js';

/** A wait the service asks for that is longer than this is left to the caller, ms. */
const LONGEST_RETRY_AFTER_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** Faults of Node's network layer that are raised before a byte of the request was sent. Browsers do not tell. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A request that failed, as far as it matters for trying it again. */
export interface FailedAttempt {
  readonly error: CountersignError;
  /** `safe`: doing it twice is doing it once. */
  readonly repeat: 'safe' | 'unsafe';
  /** The `x-should-retry` header, when the service sent one. */
  readonly shouldRetry: boolean | undefined;
}

/** Whether to try again, and when. `waitMs` is `undefined` when the service asked for no particular wait. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly waitMs: number | undefined };

/**
 * Decides on another attempt. The service's own word comes first. A request that is not safe to repeat is repeated only
 * if it never left, was turned away at the door (408, 429), or the failure names a time to come back.
 */
export function decideRetry({ error, repeat, shouldRetry }: FailedAttempt): RetryDecision {
  const no = { retry: false } as const;
  const yes = { retry: true, waitMs: error.retryAfterMs } as const;
  if (shouldRetry === false) return no;
  if ((error.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return no;
  if (shouldRetry === true) return yes;
  if (error.status === undefined) return networkFault(error, repeat) ? yes : no;
  if (error.status === 408 || error.status === 429) return yes;
  if (error.status < 500) return no;
  return repeat === 'safe' || error.retryAfterMs !== undefined ? yes : no;
}

function networkFault(error: CountersignError, repeat: 'safe' | 'unsafe'): boolean {
  if (error.code !== 'CONNECTION_FAILED' && error.code !== 'TIMED_OUT') return false;
  return repeat === 'safe' || neverSent(error.cause, 3);
}

/** Fetch hides the system error in its cause, sometimes behind an AggregateError. */
function neverSent(cause: unknown, depth: number): boolean {
  if (typeof cause !== 'object' || cause === null || depth === 0) return false;
  if ('code' in cause && typeof cause.code === 'string' && NEVER_SENT.has(cause.code)) return true;
  return 'cause' in cause && neverSent(cause.cause, depth - 1);
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
