import { UpstreamError, type UpstreamFault } from '../../upstream-error.js';
import { NO_REASON, reasonIn } from './rejection.policy.js';

/** Headers of an answer by their lower-case names; one that came more than once is a list. */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

const MAX_RETRIES = 2;
/** A caller waits no longer than this inside one request; beyond it they are told when to come back. */
const MAX_WAIT_MS = 10_000;
const MAX_TOLD_MS = 300_000;

const DETAILS = {
  busy: 'The model is overloaded or out of order',
  limited: 'The model takes no more requests for the moment',
  refused: 'The model did not accept our credential',
  rejected: 'The model did not accept the request',
  unserved: 'The model does not do what it was asked for',
} as const satisfies Partial<Record<UpstreamFault, string>>;

/** What the caller asked for may be wrong: only the body tells more. */
const REJECTIONS: ReadonlySet<number> = new Set([400, 413, 422]);
const TOO_MANY = 429;

/** Whether the body of such an answer decides what it means. */
export const saysWhy = (status: number): boolean => REJECTIONS.has(status) || status === TOO_MANY;

/**
 * What an answer without success means. Redirects are not followed: a key goes only where it was configured for.
 *
 * @param body as far as it was read
 */
export function statusError(status: number, headers: UpstreamHeaders, now: number, body = ''): UpstreamError {
  const reason = saysWhy(status) ? reasonIn(body) : NO_REASON;
  const fault = reason.ours ? 'refused' : faultOf(status, headers);
  const waits = fault === 'busy' || fault === 'limited' ? retryAfter(headers, now) : undefined;
  return new UpstreamError(fault, DETAILS[fault], {
    status,
    ...(waits === undefined ? {} : { retryAfterMs: waits }),
    ...(fault === 'rejected' ? { rejection: reason.rejection } : {}),
  });
}

function faultOf(status: number, headers: UpstreamHeaders): keyof typeof DETAILS {
  if (status === 401 || status === 403) return 'refused';
  if (status === TOO_MANY) return 'limited';
  if (status === 408 || status >= 500) return 'busy';
  if (REJECTIONS.has(status)) return 'rejected';
  return status === 409 && headers['x-should-retry'] !== 'false' ? 'busy' : 'unserved';
}

/** `retry-after-ms`, else `Retry-After` as seconds or date (RFC 9110 §10.2.3); anything else counts as not said. */
export function retryAfter(headers: UpstreamHeaders, now: number): number | undefined {
  const exact = headers['retry-after-ms'];
  if (typeof exact === 'string' && /^\d{1,12}(\.\d+)?$/.test(exact)) return told(Number(exact));
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return told(Number(text) * 1_000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : told(date - now);
}

const told = (ms: number): number => Math.min(MAX_TOLD_MS, Math.max(0, Math.ceil(ms)));

/**
 * How long to wait before the next try; `undefined`: give up.
 *
 * @param retries how many there were
 * @param backoffMs our own wait, used when the upstream asks for less
 */
export function retryDelay(error: unknown, retries: number, backoffMs: number): number | undefined {
  if (!(error instanceof UpstreamError) || !error.retryable || retries >= MAX_RETRIES) return undefined;
  const wait = Math.max(backoffMs, error.retryAfterMs ?? 0);
  return wait > MAX_WAIT_MS ? undefined : wait;
}
