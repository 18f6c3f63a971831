import { type FieldFault, isProblemCode } from '#libs/problem/index.js';
import { CountersignError, type ErrorFacts } from './errors.js';
import { isRecord, parseJson } from './json.js';
import { retryAfterMs } from './retry-after.policy.js';

/** An answer with an error status, body read. */
export interface FailedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Unix ms, for a `Retry-After` that names a date. */
  readonly now: number;
}

/** Whatever answered, the service or something before it, as an error with a stable code. */
export function errorOfResponse({ status, headers, text, now }: FailedResponse): CountersignError {
  const fromHeaders = {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    traceId: headers.get('x-trace-id') ?? undefined,
    retryAfterMs: retryAfterMs(headers, now),
  };
  const facts = problemFacts(parseJson(text));
  if (facts === undefined) {
    const message = `The service answered ${status} with a body that is no problem document`;
    return new CountersignError({ code: 'UNEXPECTED_RESPONSE', message, ...fromHeaders });
  }
  return new CountersignError({ ...facts, ...defined(fromHeaders) });
}

/** A problem document inside a stream as an error. */
export function errorOfProblem(document: unknown): CountersignError {
  const facts = problemFacts(document);
  return new CountersignError(
    facts ?? { code: 'UNEXPECTED_RESPONSE', message: 'The stream failed without saying why' },
  );
}

function problemFacts(document: unknown): ErrorFacts | undefined {
  if (!isRecord(document) || typeof document['code'] !== 'string') return undefined;
  const { code, title, detail, status, errors, details } = document;
  const seconds = document['retry_after_seconds'];
  return {
    code: isProblemCode(code) ? code : 'UNEXPECTED_RESPONSE',
    message: `${code}: ${textOf(detail) ?? textOf(title) ?? 'no detail'}`,
    status: typeof status === 'number' ? status : undefined,
    requestId: textOf(document['request_id']),
    traceId: textOf(document['trace_id']),
    errors: Array.isArray(errors) ? errors.filter(isFieldFault) : undefined,
    details: isRecord(details) ? details : undefined,
    retryAfterMs: typeof seconds === 'number' ? seconds * 1_000 : undefined,
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isFieldFault = (value: unknown): value is FieldFault =>
  isRecord(value) && ['path', 'code', 'message'].every((name) => typeof value[name] === 'string');

const defined = (facts: Partial<ErrorFacts>): Partial<ErrorFacts> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
