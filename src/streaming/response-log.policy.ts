import type { ProblemCode } from '#libs/problem/index.js';
import type { LogDialect } from './log-dialect.js';
import type { LogHeader } from './log-header.js';
import type { RunEnd, StreamEnd } from './stream-end.policy.js';

/** As much of a response as a log must know to end it. */
interface Ended {
  readonly status: string;
  readonly usage?: unknown;
  readonly error?: { readonly problem?: ProblemCode } | null;
}

/**
 * OpenAI's streaming events of a response: numbered from 0 by `sequence_number`, which is the number in the log less one.
 * Its vocabulary has no event for a cancelled response: that one is a `response.failed` whose response is `cancelled`.
 */
const responses: Omit<LogDialect, 'durable'> = {
  endings: new Set(['response.completed', 'response.incomplete', 'response.failed']),
  resumeTokens: false,

  terminal(end, { seq, receipt = null }, header) {
    const response = (end.payload ?? unanswered(end, header)) as Ended;
    const { status } = response;
    const type = status === 'completed' || status === 'incomplete' ? `response.${status}` : 'response.failed';
    return { event: type, data: JSON.stringify({ type, sequence_number: seq - 1, response, receipt }) };
  },

  recordOf: (end) => recordOf((end.payload ?? { status: end.status }) as Ended, problemOf(end)),

  recordOfTerminal({ data }) {
    const { response } = JSON.parse(data) as { readonly response: Ended };
    return recordOf(response, response.error?.problem);
  },
};

/** A response whose run its caller waits for. */
export const responseLog: LogDialect = { ...responses, durable: false };

/** A response in the background: it outlives the process that accepted it. */
export const backgroundLog: LogDialect = { ...responses, durable: true };

const problemOf = (end: StreamEnd): ProblemCode | undefined =>
  end.status === 'completed' ? undefined : end.error.code;

/** What was answered is not recorded here: it is the caller's to delete. */
function recordOf({ status, usage }: Ended, problem: ProblemCode = 'INTERNAL'): RunEnd {
  const counted = usage === undefined || usage === null ? {} : { usage };
  if (status === 'completed' || status === 'incomplete') return { status: 'completed', ...counted };
  if (status === 'cancelled') return { status, problem: 'CANCELLED', ...counted };
  return { status: 'failed', problem, ...counted };
}

/** The whole response is not known to who ends the log of a process that died. */
function unanswered(end: StreamEnd, { subject, startedAt }: LogHeader): object {
  const error =
    end.status === 'failed' ? { code: 'server_error', message: end.error.message, problem: end.error.code } : null;
  return {
    id: subject?.id ?? '',
    object: 'response',
    created_at: Math.floor(startedAt / 1_000),
    status: end.status,
    error,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: subject?.model ?? '',
    output: [],
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    usage: null,
  };
}
