import { UpstreamError, type UpstreamFault } from '../../upstream-error.js';

/** Headers of an answer by their lower-case names; one that came more than once is a list. */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

const MAX_RETRIES = 2;
/** A caller waits no longer than this inside one request; beyond it they are told when to come back. */
const MAX_WAIT_MS = 10_000;
const MAX_TOLD_MS = 300_000;

const DETAILS = {
  busy: 'The model is overloaded or out of order',
  refused: 'The model did not accept our credential',
  rejected: 'The model did not accept the request',
} as const satisfies Partial<Record<UpstreamFault, string>>;

/** What an answer without success means. Redirects are not followed: a key goes only where it was configured for. */
export function statusError(status: number, headers: UpstreamHeaders, now: number): UpstreamError {
  const fault = faultOf(status, headers);
  const retryAfterMs = fault === 'busy' ? retryAfter(headers, now) : undefined;
  return new UpstreamError(fault, DETAILS[fault], { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function faultOf(status: number, headers: UpstreamHeaders): keyof typeof DETAILS {
  if (status === 401 || status === 403) return 'refused';
  if (status === 408 || status === 429 || status >= 500) return 'busy';
  return status === 409 && headers['x-should-retry'] !== 'false' ? 'busy' : 'rejected';
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
