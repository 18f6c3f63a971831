import { randomUUID } from 'node:crypto';
import { randomHex } from '#src/kernel/index.js';

/** Headers that every response carries, whatever it is. A page the service serves itself replaces the CSP. */
export const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
} as const;

const REQUEST_ID = /^[A-Za-z0-9._-]{8,128}$/;
/** W3C Trace Context §3.2: version 00 has exactly four fields, later ones may have more; ff is not a version. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:$|(?<!^00-.{52})-)/;
/** Hex digits of a trace id (W3C Trace Context §3.2.2.3). */
const TRACE_DIGITS = 32;
const NO_TRACE = '0'.repeat(TRACE_DIGITS);
const NO_SPAN = '0'.repeat(16);

type HeaderValue = string | readonly string[] | undefined;

/** The caller's own request id when it is well formed, else a new UUID. */
export const requestIdOf = (header: HeaderValue): string =>
  typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID();

export const newTraceId = (): string => randomHex(TRACE_DIGITS);

/** The trace id of a valid W3C `traceparent`, else a new one. */
export function traceIdOf(header: HeaderValue): string {
  if (typeof header !== 'string') return newTraceId();
  const [, trace, span] = TRACEPARENT.exec(header) ?? [];
  const valid = trace !== undefined && trace !== NO_TRACE && span !== NO_SPAN;
  return valid ? trace : newTraceId();
}
