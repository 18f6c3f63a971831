import { type ProblemCode, type ProblemExtensions, problems } from '#libs/problem/index.js';

export interface AppErrorOptions extends ProblemExtensions {
  /** For the log only. */
  readonly cause?: unknown;
  /** Exact wait before a retry can succeed, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Where more is known than the table says of every such failure: `false` keeps clients from asking again. */
  readonly shouldRetry?: boolean;
}

/** A use case cannot continue. Carries a code of the error table; the status is looked up at the edge. */
export class AppError extends Error {
  readonly retryAfterMs: number | undefined;
  readonly shouldRetry: boolean | undefined;
  readonly extensions: ProblemExtensions;

  constructor(
    readonly code: ProblemCode,
    detail: string = problems[code].title,
    { cause, retryAfterMs, shouldRetry, ...extensions }: AppErrorOptions = {},
  ) {
    super(detail, { cause });
    this.name = 'AppError';
    this.retryAfterMs = retryAfterMs;
    this.shouldRetry = shouldRetry;
    this.extensions = extensions;
  }
}

/** Whether a store could not answer, so that a fallback may. */
export const isUnavailable = (cause: unknown): boolean =>
  cause instanceof AppError && cause.code === 'DEPENDENCY_UNAVAILABLE';
