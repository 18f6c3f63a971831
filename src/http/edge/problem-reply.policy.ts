import { type ProblemCode, type ProblemDocument, problemDocument, problems } from '#libs/problem/index.js';
import type { AppError, RequestContext } from '#src/kernel/index.js';

/** Routes whose clients expect OpenAI's media type for errors. */
const OPENAI_ROUTE = /^\/v1\/(responses|chat\/completions|embeddings|models)(\/|\?|$)/;

/** Wait named when the failing part does not know a better one, ms. */
const DEFAULT_RETRY_MS = 1_000;
const ALWAYS_RETRY_AFTER: ReadonlySet<ProblemCode> = new Set([
  'RATE_LIMITED',
  'QUOTA_EXHAUSTED',
  'DEPENDENCY_UNAVAILABLE',
  'NOT_READY',
  'IDEMPOTENCY_IN_PROGRESS',
]);

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDocument;
}

/** Where the failed request went, as far as the answer depends on it. */
export interface ProblemTarget {
  /** Raw request target. */
  readonly url: string;
  /** Scheme and authority under which the caller reached the service. */
  readonly baseUrl: string;
}

/** Status, headers and body of an error, from the error table alone. */
export function problemReply(error: AppError, context: RequestContext, target: ProblemTarget): ProblemReply {
  const { code } = error;
  const { status } = problems[code];
  const retryMs = error.retryAfterMs ?? (ALWAYS_RETRY_AFTER.has(code) ? DEFAULT_RETRY_MS : undefined);
  const waits = retryMs === undefined ? {} : { retry_after_seconds: Math.ceil(retryMs / 1_000) };
  return {
    status,
    headers: {
      'content-type': OPENAI_ROUTE.test(target.url)
        ? 'application/json; charset=utf-8'
        : 'application/problem+json; charset=utf-8',
      ...(retryMs === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(retryMs / 1_000)), 'retry-after-ms': String(Math.ceil(retryMs)) }),
      ...(error.shouldRetry === undefined ? {} : { 'x-should-retry': String(error.shouldRetry) }),
      ...codeHeaders(code, error, target),
    },
    body: problemDocument(code, error.message, context, { ...error.extensions, ...waits }),
  };
}

function codeHeaders(code: ProblemCode, error: AppError, { baseUrl }: ProblemTarget): Record<string, string> {
  const { status } = problems[code];
  if (status === 401) return { 'www-authenticate': challenge(code, baseUrl) };
  if (status === 409 || code === 'IDEMPOTENCY_KEY_REUSED')
    return { 'x-should-retry': String(problems[code].retryable) };
  if (code === 'METHOD_NOT_ALLOWED') return { allow: [error.extensions.details?.['allow']].flat().join(', ') };
  // RFC 9110 §15.5.16
  const coding = code === 'UNSUPPORTED_MEDIA_TYPE' ? error.extensions.details?.['accept_encoding'] : undefined;
  if (coding !== undefined) return { 'accept-encoding': String(coding) };
  if (code === 'RESUME_UNAVAILABLE') return { upgrade: 'resume=unsupported' };
  return {};
}

/** RFC 6750 §3 with the resource metadata of RFC 9728 §5.1. */
function challenge(code: ProblemCode, baseUrl: string): string {
  const fault = code === 'UNAUTHENTICATED' ? '' : ', error="invalid_token"';
  return `Bearer resource_metadata="${baseUrl}/.well-known/oauth-protected-resource"${fault}`;
}
