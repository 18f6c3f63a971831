import { type ProblemCode, type ProblemOrigin, problemDocument } from '#libs/problem/index.js';
import type { Receipt } from '#libs/sse/index.js';
import { AppError } from '#src/kernel/index.js';
import { encodeFrame } from './frames.policy.js';

export type RunStatus = 'running' | 'completed' | 'failed' | 'cancelled';

/** How a run ended. */
export type StreamEnd =
  | { readonly status: 'completed'; readonly payload: unknown }
  | { readonly status: 'failed' | 'cancelled'; readonly error: AppError };

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

/** `complete` or `error`, with the receipt over everything before it; without one where the hash is not known. */
export function terminalOf(end: StreamEnd, seq: number, receipt: Receipt | undefined, origin: ProblemOrigin): Terminal {
  if (end.status === 'completed') {
    return frameOf(seq, 'complete', { payload: end.payload ?? null, receipt: receipt ?? null });
  }
  const { code, message, extensions, retryAfterMs } = end.error;
  const wait = retryAfterMs === undefined ? {} : { retry_after_seconds: Math.ceil(retryAfterMs / 1_000) };
  const document = problemDocument(code, message, origin, { ...extensions, ...wait });
  return frameOf(seq, 'error', { ...document, receipt: receipt ?? null });
}

const frameOf = (seq: number, event: string, data: unknown): Terminal => ({
  seq,
  frame: encodeFrame(seq, event, JSON.stringify(data)),
});

/** What is recorded of a run that is over. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly result?: unknown;
  /** Code of the error table. */
  readonly problem?: string;
  readonly usage?: unknown;
}

/** What is recorded of a stream's run. */
export const runEndOf = (end: StreamEnd): RunEnd =>
  end.status === 'completed' ? completed(end.payload) : { status: end.status, problem: end.error.code };

/** How a run ended, as the last event of its log says. */
export function endOfTerminal(last: { readonly event: string; readonly data: string } | undefined): RunEnd {
  if (last === undefined) return { status: 'failed', problem: 'INTERNAL' };
  const data = JSON.parse(last.data) as { readonly code?: ProblemCode; readonly payload?: unknown };
  if (last.event === 'complete') return completed(data.payload);
  const problem = data.code ?? 'INTERNAL';
  return { status: problem === 'CANCELLED' ? 'cancelled' : 'failed', problem };
}

/** A payload that counts its model tokens does so under `usage`. */
function completed(payload: unknown): RunEnd {
  const usage = typeof payload === 'object' && payload !== null && 'usage' in payload ? payload.usage : undefined;
  return { status: 'completed', result: payload, ...(usage === undefined ? {} : { usage }) };
}
