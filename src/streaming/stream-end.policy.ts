import type { ProblemCode } from '#libs/problem/index.js';
import { AppError } from '#src/kernel/index.js';

export type RunStatus = 'running' | 'completed' | 'failed' | 'cancelled';

/** How a run ended. A feature may say how far one came that did not complete. */
export type StreamEnd =
  | { readonly status: 'completed'; readonly payload: unknown }
  | { readonly status: 'failed' | 'cancelled'; readonly error: AppError; readonly payload?: unknown };

/** The last event of a log. */
export interface Terminal {
  readonly seq: number;
  readonly frame: Uint8Array;
}

export const failed = (error: AppError): StreamEnd => ({ status: 'failed', error });

/** What a failure of the work means for its stream: unknown errors say nothing to the client. */
export function endOf(failure: unknown): StreamEnd {
  if (!(failure instanceof AppError)) return failed(new AppError('INTERNAL', undefined, { cause: failure }));
  return { status: failure.code === 'CANCELLED' ? 'cancelled' : 'failed', error: failure };
}

export const problemOf = (end: StreamEnd): ProblemCode | undefined =>
  end.status === 'completed' ? undefined : end.error.code;

/** What is recorded of a run that is over. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly result?: unknown;
  /** Code of the error table. */
  readonly problem?: string;
  readonly usage?: unknown;
}
