/** One row of the error table: what the caller sees for a code. */
export interface ProblemRow {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** Whether the same request can succeed later without being changed. */
  readonly retryable: boolean;
  /** OpenAI's word for the class of error, for clients that read `error.type`. */
  readonly openai: OpenAiErrorType;
}

/** `error.type` as the OpenAI API uses it. */
export type OpenAiErrorType = 'invalid_request_error' | 'rate_limit_error' | 'insufficient_quota' | 'server_error';

const invalid = (status: number, title: string) =>
  ({ status, title, retryable: false, openai: 'invalid_request_error' }) as const;
const unauthenticated = (title: string) =>
  ({ status: 401, title, retryable: false, openai: 'invalid_request_error' }) as const;
const forbidden = (title: string) =>
  ({ status: 403, title, retryable: false, openai: 'invalid_request_error' }) as const;
const conflict = (title: string) =>
  ({ status: 409, title, retryable: false, openai: 'invalid_request_error' }) as const;
const later = (status: number, title: string) => ({ status, title, retryable: true, openai: 'server_error' }) as const;

/** Every failure a caller can see. Adding a failure is adding a row; nothing else holds a status. */
export const problems = {
  BAD_INPUT: invalid(400, 'The request is not valid'),
  RESUME_TOKEN_MISSING: invalid(400, 'A resume token is required'),
  UNAUTHENTICATED: unauthenticated('No credential was presented'),
  INVALID_API_KEY: unauthenticated('The API key is not valid'),
  TOKEN_INVALID: unauthenticated('The token is not valid'),
  TOKEN_EXPIRED: unauthenticated('The token has expired'),
  NO_SECRET: unauthenticated('No secret is known for that key'),
  MISSING_SIGNATURE: unauthenticated('The signature is missing'),
  REPLAY_PROTECTION_REQUIRED: unauthenticated('A timestamp and a nonce are required'),
  INVALID_SIGNATURE: unauthenticated('The signature does not match'),
  SIGNATURE_SKEW: unauthenticated('The timestamp is outside the accepted window'),
  REPLAY_BLOCKED: unauthenticated('This request was already used'),
  AMBIGUOUS_CREDENTIALS: unauthenticated('More than one credential was presented'),
  RESUME_TOKEN_INVALID: unauthenticated('The resume token is not valid'),
  FORBIDDEN: forbidden('This principal may not do that'),
  TENANT_REQUIRED: forbidden('The credential names no tenant'),
  SELF_APPROVAL: forbidden('Nobody decides their own request'),
  NOT_FOUND: { status: 404, title: 'Not found', retryable: false, openai: 'invalid_request_error' },
  METHOD_NOT_ALLOWED: invalid(405, 'The method is not allowed here'),
  CONFLICT: conflict('The request conflicts with the current state'),
  ALREADY_DECIDED: conflict('The request was already decided'),
  ARGUMENTS_CHANGED: conflict('The arguments are not the approved ones'),
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The first request with this key is still running',
    retryable: true,
    openai: 'invalid_request_error',
  },
  GONE: { status: 410, title: 'No longer available', retryable: false, openai: 'invalid_request_error' },
  PAYLOAD_TOO_LARGE: invalid(413, 'The request body is too large'),
  UNSUPPORTED_MEDIA_TYPE: invalid(415, 'The media type is not supported'),
  IDEMPOTENCY_KEY_REUSED: invalid(422, 'The key was used with another request'),
  GRAPH_LIMIT_EXCEEDED: invalid(422, 'The graph is larger than the limit'),
  LOCKED: { status: 423, title: 'Under legal hold', retryable: false, openai: 'invalid_request_error' },
  RESUME_UNAVAILABLE: invalid(426, 'The stream cannot be resumed'),
  RATE_LIMITED: { status: 429, title: 'Too many requests', retryable: true, openai: 'rate_limit_error' },
  QUOTA_EXHAUSTED: { status: 429, title: 'The quota is exhausted', retryable: true, openai: 'insufficient_quota' },
  CANCELLED: {
    status: 499,
    title: 'The caller cancelled the request',
    retryable: false,
    openai: 'invalid_request_error',
  },
  INTERNAL: { status: 500, title: 'Something went wrong on our side', retryable: true, openai: 'server_error' },
  UPSTREAM_FAILED: later(502, 'The upstream service failed'),
  DEPENDENCY_UNAVAILABLE: later(503, 'A dependency is not available'),
  NOT_READY: later(503, 'The service is not taking requests'),
  UPSTREAM_TIMEOUT: later(504, 'The upstream service did not answer in time'),
} as const satisfies Record<string, ProblemRow>;

/** Stable error codes: frozen by a test, listed in `docs/errors.md`. */
export type ProblemCode = keyof typeof problems;

export const isProblemCode = (value: unknown): value is ProblemCode =>
  typeof value === 'string' && Object.hasOwn(problems, value);

/** `urn:countersign:problem:<code in lower case, - for _>` */
export const problemType = (code: ProblemCode): string =>
  `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`;

/** Where the OpenAI API has a word of its own; it has one for whatever is wrong with a key. */
const WORDS: Partial<Record<ProblemCode, string>> = {
  BAD_INPUT: 'invalid_value',
  RATE_LIMITED: 'rate_limit_exceeded',
  QUOTA_EXHAUSTED: 'insufficient_quota',
  INTERNAL: 'server_error',
};

/** `error.code` as the OpenAI API writes it; our own code in its spelling where it knows no such failure. */
export const openAiCode = (code: ProblemCode): string =>
  WORDS[code] ?? (problems[code].status === 401 ? 'invalid_api_key' : code.toLowerCase());
