import { type ProblemCode, problemDocument } from '#libs/problem/index.js';
import type { LogDialect } from './log-dialect.js';
import type { RunEnd, StreamEnd } from './stream-end.policy.js';

/** The streams of the assistants: `complete` or `error` ends them, tokens take their readers elsewhere. */
export const assistLog: LogDialect = {
  endings: new Set(['complete', 'error']),
  resumeTokens: true,
  durable: false,

  terminal(end, { receipt = null }, origin) {
    if (end.status === 'completed') {
      return { event: 'complete', data: JSON.stringify({ payload: end.payload ?? null, receipt }) };
    }
    const { code, message, extensions, retryAfterMs } = end.error;
    const wait = retryAfterMs === undefined ? {} : { retry_after_seconds: Math.ceil(retryAfterMs / 1_000) };
    const document = problemDocument(code, message, origin, { ...extensions, ...wait });
    return { event: 'error', data: JSON.stringify({ ...document, receipt }) };
  },

  recordOf: (end: StreamEnd): RunEnd =>
    end.status === 'completed' ? completed(end.payload) : { status: end.status, problem: end.error.code },

  recordOfTerminal({ event, data }) {
    const { code: problem = 'INTERNAL', payload } = JSON.parse(data) as { code?: ProblemCode; payload?: unknown };
    if (event === 'complete') return completed(payload);
    return { status: problem === 'CANCELLED' ? 'cancelled' : 'failed', problem };
  },
};

/** A payload that counts its model tokens does so under `usage`. */
function completed(payload: unknown): RunEnd {
  const usage = typeof payload === 'object' && payload !== null && 'usage' in payload ? payload.usage : undefined;
  return { status: 'completed', result: payload, ...(usage === undefined ? {} : { usage }) };
}
