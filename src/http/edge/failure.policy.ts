import type { ProblemCode } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';

/** What the router knows about a request that failed. */
export interface FailureFacts {
  /** No route matches method and path. */
  readonly unrouted: boolean;
  /** Methods that do match the path. */
  readonly allow: readonly string[];
  readonly maxBodyBytes: number;
  /** Status of an exception of the framework itself. */
  readonly frameworkStatus: number | undefined;
}

const BY_FASTIFY_CODE: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_INPUT', 'Content-Length does not match the body'],
  FST_ERR_BAD_URL: ['BAD_INPUT', 'The path is not a valid URL'],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'Nothing is here'],
};

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'DEPENDENCY_UNAVAILABLE',
};

/** Any thrown value as one row of the error table. What is not foreseen becomes `INTERNAL` and nothing more. */
export function failureOf(error: unknown, facts: FailureFacts): AppError {
  if (error instanceof AppError) return error;
  const { code, status = facts.frameworkStatus } = traits(error);
  const known = BY_FASTIFY_CODE[code];
  if (known !== undefined) return new AppError(known[0], known[1], { cause: error });
  if (facts.unrouted) return unrouted(facts.allow);
  // The framework hands this one on without its code.
  if (status === 413) return tooLarge(facts.maxBodyBytes);
  const otherwise = status === undefined || status >= 500 ? 'INTERNAL' : 'BAD_INPUT';
  return new AppError(BY_STATUS[status ?? 500] ?? otherwise, undefined, { cause: error });
}

const unrouted = (allow: readonly string[]): AppError =>
  allow.length === 0
    ? new AppError('NOT_FOUND', 'Nothing is here')
    : new AppError('METHOD_NOT_ALLOWED', `Use ${allow.join(', ')}`, { details: { allow } });

const tooLarge = (maxBytes: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `The body may have ${maxBytes} bytes`, { details: { max_bytes: maxBytes } });

/** Only what Fastify and Nest themselves throw is believed: a library's `statusCode` speaks of another answer. */
function traits(error: unknown): { code: string; status: number | undefined } {
  if (typeof error !== 'object' || error === null) return { code: '', status: undefined };
  const code = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_') ? error.code : '';
  const status = code !== '' && 'statusCode' in error ? error.statusCode : undefined;
  return { code, status: typeof status === 'number' ? status : undefined };
}
