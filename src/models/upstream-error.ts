import { AppError } from '#src/kernel/index.js';

/**
 * What went wrong with a model call.
 * `refused`: our credential was not accepted. `rejected`: it did not like this request. `unfit`: it answered, but not
 * with what was asked for. `declined`: it would not answer this. The others are the upstream's or the network's trouble and pass by themselves.
 */
export type UpstreamFault =
  | 'network'
  | 'connect_timeout'
  | 'timeout'
  | 'busy'
  | 'truncated'
  | 'malformed'
  | 'refused'
  | 'rejected'
  | 'unfit'
  | 'declined';

const TIMEOUTS: ReadonlySet<UpstreamFault> = new Set(['connect_timeout', 'timeout']);
const RETRYABLE: ReadonlySet<UpstreamFault> = new Set(['network', 'connect_timeout', 'busy', 'truncated']);
const NOT_OUTAGES: ReadonlySet<UpstreamFault> = new Set(['rejected', 'unfit', 'declined']);

interface UpstreamErrorOptions {
  /** HTTP status of the upstream, for the log. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A model call that failed upstream. `detail` is ours: it never carries a key, an address or the upstream's words. */
export class UpstreamError extends AppError {
  readonly status: number | undefined;

  constructor(
    readonly fault: UpstreamFault,
    detail: string,
    { status, ...options }: UpstreamErrorOptions = {},
  ) {
    super(TIMEOUTS.has(fault) ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', detail, options);
    this.name = 'UpstreamError';
    this.status = status;
  }

  /** The same call may work in a moment. */
  get retryable(): boolean {
    return RETRYABLE.has(this.fault);
  }

  /** Says something about the upstream's health, not only about this request. */
  get outage(): boolean {
    return !NOT_OUTAGES.has(this.fault);
  }
}

/** What an aborted call throws: the reason when it is one of ours, `CANCELLED` otherwise. */
export const cancellation = ({ reason }: AbortSignal): AppError =>
  reason instanceof AppError ? reason : new AppError('CANCELLED');
