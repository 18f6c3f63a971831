import type { ProblemCode } from '#libs/problem/index.js';
import { AppError, addUsage, type Usage } from '#src/kernel/index.js';

/**
 * What went wrong with a model call.
 * `refused`: our credential, or our account, was not accepted. `rejected`: it did not like what its caller asks. `unserved`: it
 * does not do what we ask it for. `limited`: it was asked too often. `unfit`: it answered, but not with what was asked for.
 * `declined`: it would not answer this. The others are the upstream's or the network's trouble and pass by themselves.
 */
export type UpstreamFault =
  | 'network'
  | 'connect_timeout'
  | 'timeout'
  | 'busy'
  | 'limited'
  | 'truncated'
  | 'malformed'
  | 'refused'
  | 'rejected'
  | 'unserved'
  | 'unfit'
  | 'declined';

const CODES: Partial<Record<UpstreamFault, ProblemCode>> = {
  connect_timeout: 'UPSTREAM_TIMEOUT',
  timeout: 'UPSTREAM_TIMEOUT',
  limited: 'RATE_LIMITED',
  rejected: 'BAD_INPUT',
};
const RETRYABLE: ReadonlySet<UpstreamFault> = new Set(['network', 'connect_timeout', 'busy', 'limited', 'truncated']);
/** Asked again they end in the same way. */
const LASTING: ReadonlySet<UpstreamFault> = new Set([
  'malformed',
  'refused',
  'rejected',
  'unserved',
  'unfit',
  'declined',
]);
const NOT_OUTAGES: ReadonlySet<UpstreamFault> = new Set(['limited', 'rejected', 'unserved', 'unfit', 'declined']);

/** What an upstream found wrong with a request, as far as it may be passed on: OpenAI's words, and no others. */
export interface Rejection {
  readonly code?: string;
  readonly param?: string;
}

interface UpstreamErrorOptions {
  /** HTTP status of the upstream, for the log. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly rejection?: Rejection;
  /** It was asked as often as it makes sense: whoever repeats that multiplies it. */
  readonly usedUp?: true;
  /** What the upstream counted for an answer that was given and is of no use. */
  readonly used?: Usage;
  readonly cause?: unknown;
}

/** A model call that failed upstream. `detail` is ours: it never carries a key, an address or the upstream's words. */
export class UpstreamError extends AppError {
  readonly status: number | undefined;
  readonly used: Usage | undefined;

  constructor(
    readonly fault: UpstreamFault,
    detail: string,
    private readonly options: UpstreamErrorOptions = {},
  ) {
    const { status, rejection, usedUp, used, ...others } = options;
    const final = usedUp === true || LASTING.has(fault) ? { shouldRetry: false } : {};
    const told = rejection === undefined ? {} : { openai: rejection };
    super(CODES[fault] ?? 'UPSTREAM_FAILED', detail, { ...others, ...final, ...told });
    this.name = 'UpstreamError';
    this.status = status;
    this.used = used;
  }

  /** The same call may work in a moment. */
  get retryable(): boolean {
    return RETRYABLE.has(this.fault);
  }

  /** Says something about the upstream's health, not only about this request. */
  get outage(): boolean {
    return !NOT_OUTAGES.has(this.fault);
  }

  /** Another upstream may do better. */
  get passesOn(): boolean {
    return this.fault !== 'rejected' && this.fault !== 'declined';
  }

  /** The same failure of a call that had cost something before. */
  after(usage: Usage): UpstreamError {
    if (this.used === undefined) return this;
    return new UpstreamError(this.fault, this.message, { ...this.options, used: addUsage(usage, this.used) });
  }

  /** The same failure after the last try. */
  get lastOfAll(): UpstreamError {
    return new UpstreamError(this.fault, this.message, { ...this.options, usedUp: true });
  }
}

/** Of a provider that serves only what it is told by name. */
export const noModel = (): UpstreamError => new UpstreamError('unserved', 'No model was named');

/** What an aborted call throws: the reason when it is one of ours, `CANCELLED` otherwise. */
export const cancellation = ({ reason }: AbortSignal): AppError =>
  reason instanceof AppError ? reason : new AppError('CANCELLED');
