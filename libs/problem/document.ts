import { type OpenAiErrorType, openAiCode, type ProblemCode, problems, problemType } from './problems.js';

/** One fault of a request that failed validation; `path` is dotted, empty for the whole body. */
export interface FieldFault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What an error may say beyond its row in the table. Never a secret, a stack, a path, SQL or the rejected value. */
export interface ProblemExtensions {
  readonly errors?: readonly FieldFault[];
  /** Whole seconds, rounded up. */
  readonly retry_after_seconds?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  /** What the `error` member says in place of the row's own words; not a member itself. */
  readonly openai?: { readonly code?: string; readonly param?: string };
}

/** RFC 9457 problem details, with OpenAI's `error` member so that both worlds read one body. */
export interface ProblemDocument extends Omit<ProblemExtensions, 'openai'> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly trace_id: string;
  readonly error: {
    readonly message: string;
    readonly type: OpenAiErrorType;
    readonly param: string | null;
    readonly code: string;
  };
}

/** Which request an error belongs to. */
export interface ProblemOrigin {
  readonly requestId: string;
  readonly traceId: string;
}

/**
 * The one error body of the service.
 *
 * @example
 * problemDocument('NOT_FOUND', 'No such run', { requestId, traceId })
 */
export function problemDocument(
  code: ProblemCode,
  detail: string | undefined,
  origin: ProblemOrigin,
  { openai: said = {}, ...extensions }: ProblemExtensions = {},
): ProblemDocument {
  const { status, title, openai } = problems[code];
  const message = detail ?? title;
  const fault = extensions.errors?.[0];
  return {
    type: problemType(code),
    title,
    status,
    detail: message,
    code,
    request_id: origin.requestId,
    trace_id: origin.traceId,
    ...extensions,
    error: {
      message: worded(message, fault),
      type: openai,
      param: said.param ?? (fault?.path || null),
      code: said.code ?? openAiCode(code),
    },
  };
}

/** Clients of the OpenAI API show this sentence alone. */
const worded = (message: string, fault: FieldFault | undefined): string =>
  fault === undefined || fault.message === message
    ? message
    : [message, fault.path, fault.message].filter((part) => part !== '').join(': ');
