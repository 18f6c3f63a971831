import type { StreamEvent } from '#libs/sse/index.js';
import type { CountersignError } from '../errors.js';
import { type BackOff, backOffMs } from '../retry.policy.js';

/** Where an event stands behind the last one received. */
export type Placement = 'next' | 'duplicate' | 'hole';

/**
 * Places an event behind position `last`; `undefined`: any event is the first. A `gap` stands for all events up to its own
 * number, so it may come from further on.
 */
export function placeOf({ seq, event }: Pick<StreamEvent, 'seq' | 'event'>, last: number | undefined): Placement {
  if (last === undefined) return 'next';
  if (seq <= last) return 'duplicate';
  return seq === last + 1 || event === 'gap' ? 'next' : 'hole';
}

/** By which way a broken stream is opened again. */
export type Door =
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'id'; readonly streamId: string }
  | { readonly by: 'none' };

export interface Keys {
  readonly token: string | undefined;
  /** The service did not take this token: it has expired, or its log is gone. */
  readonly tokenRefused: boolean;
  readonly streamId: string | undefined;
}

/** The token first: it is made for this. The id is the owner's other way in, and does not expire. */
export function chooseDoor({ token, tokenRefused, streamId }: Keys): Door {
  if (token !== undefined && !tokenRefused) return { by: 'token', token };
  return streamId === undefined ? { by: 'none' } : { by: 'id', streamId };
}

/** Whether what broke a stream, or an attempt to resume it, can pass. */
export function canPass({ code, status }: CountersignError): boolean {
  if (code === 'CONNECTION_FAILED' || code === 'TIMED_OUT') return true;
  return status !== undefined && (status === 408 || status === 429 || status >= 500);
}

export interface Outage {
  /** Failures since the last new event, the first cut included. */
  readonly failures: number;
  /** Since the first of them. */
  readonly lastedMs: number;
  /** What the service asked reconnecting clients to wait (`retry:`). */
  readonly retryMs: number | undefined;
  /** What the last refusal asked to wait. */
  readonly retryAfterMs: number | undefined;
}

export interface OutageLimits {
  readonly maxAttempts: number;
  readonly maxOutageMs: number;
}

export type Patience = { readonly waitMs: number } | { readonly givesUp: string };

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait before the next attempt to resume, or why there is none. */
export function patienceFor(outage: Outage, limits: OutageLimits, random: number): Patience {
  const { failures, lastedMs, retryMs, retryAfterMs } = outage;
  if (failures > limits.maxAttempts) return { givesUp: `${limits.maxAttempts} attempts to resume it failed` };
  const backOff: BackOff = { firstMs: Math.min(retryMs ?? FIRST_WAIT_MS, LONGEST_WAIT_MS), longestMs: LONGEST_WAIT_MS };
  const waitMs = Math.max(backOffMs(backOff, failures, random), retryAfterMs ?? 0);
  if (lastedMs + waitMs > limits.maxOutageMs)
    return { givesUp: `it could not be resumed within ${limits.maxOutageMs} ms` };
  return { waitMs };
}
