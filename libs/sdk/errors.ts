import type { FieldFault, ProblemCode } from '#libs/problem/index.js';
import type { Fault } from '#libs/sse/index.js';

/** What can go wrong on this side of the wire. */
export type ClientCode =
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'ABORTED'
  | 'UNEXPECTED_RESPONSE'
  | 'RESPONSE_HASH_MISMATCH'
  | 'RESPONSE_HASH_MISSING'
  | 'STREAM_INTERRUPTED'
  | 'STREAM_UNVERIFIED';

/** Every code a {@link CountersignError} can carry: the service's own, and {@link ClientCode}. */
export type ErrorCode = ProblemCode | ClientCode;

/** What the service said about a failure. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly message: string;
  /** HTTP status; `undefined` when no answer came. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  /** Faults of a request that failed validation. */
  readonly errors?: readonly FieldFault[] | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** When the same request may be tried again. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Everything this library throws, misuse of it (`TypeError`) aside. `code` is stable; the message is for people.
 *
 * @example
 * try { await client.drafts.create({ brief }) } catch (error) {
 *   if (error instanceof CountersignError && error.code === 'QUOTA_EXHAUSTED') await later(error.retryAfterMs);
 * }
 */
export class CountersignError extends Error {
  // Written out: minifiers rename classes.
  override readonly name: string = 'CountersignError';
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly traceId: string | undefined;
  readonly errors: readonly FieldFault[];
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor({ code, message, status, requestId, traceId, errors, details, retryAfterMs, cause }: ErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.traceId = traceId;
    this.errors = errors ?? [];
    this.details = details;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer, or one that broke off. */
export class ConnectionError extends CountersignError {
  override readonly name = 'ConnectionError';

  constructor(message: string, cause: unknown) {
    super({ code: 'CONNECTION_FAILED', message, cause });
  }
}

/** The service was silent for too long. */
export class TimeoutError extends CountersignError {
  override readonly name = 'TimeoutError';

  constructor(readonly timeoutMs: number) {
    super({ code: 'TIMED_OUT', message: `No answer within ${timeoutMs} ms` });
  }
}

/** The caller's own signal ended it. */
export class AbortError extends CountersignError {
  override readonly name = 'AbortError';

  constructor(cause: unknown) {
    super({ code: 'ABORTED', message: 'The caller aborted the request', cause });
  }
}

/**
 * The bytes received are not the ones the service says it sent (`RESPONSE_HASH_MISMATCH`), or nothing says which ones it sent
 * (`RESPONSE_HASH_MISSING`). Nothing of the body is handed on. After a mismatch the answer was asked for once more, where retries are on.
 */
export class ResponseHashError extends CountersignError {
  override readonly name = 'ResponseHashError';

  /** @param expected what the service sent along; `undefined` when it is missing */
  constructor(
    readonly expected: string | undefined,
    readonly received: string,
    answer: Pick<ErrorFacts, 'status' | 'requestId'>,
  ) {
    super({
      ...answer,
      code: expected === undefined ? 'RESPONSE_HASH_MISSING' : 'RESPONSE_HASH_MISMATCH',
      message:
        expected === undefined
          ? 'The answer came without the hash of its body: something on its way may have removed it'
          : `The body hashes to ${received}, but the service sent one with ${expected}`,
    });
  }
}

/** Where a reader of a stream stood when it gave up; enough to go on later. */
export interface StreamPlace {
  readonly streamId: string | undefined;
  readonly resumeToken: string | undefined;
  /** Number of the last event received. */
  readonly lastSeq: number;
}

/** A stream broke and could not be resumed. The run itself may go on: see {@link StreamPlace}. */
export class StreamInterruptedError extends CountersignError {
  override readonly name = 'StreamInterruptedError';

  constructor(
    message: string,
    readonly place: StreamPlace,
    cause: unknown,
  ) {
    super({ code: 'STREAM_INTERRUPTED', message, cause });
  }
}

/** Why a stream does not count as complete: what its receipt says, or that the service's keys could not be read. */
export type StreamFault = Fault | { readonly reason: 'keys_unavailable' };

/** A stream ended, but what was received is not proven to be what was sent. `fault` is the first thing that is wrong. */
export class StreamVerificationError extends CountersignError {
  override readonly name = 'StreamVerificationError';

  constructor(
    readonly streamId: string | undefined,
    readonly fault: StreamFault,
    cause?: unknown,
  ) {
    super({
      code: 'STREAM_UNVERIFIED',
      message: `Stream ${streamId ?? 'without a name'}: ${describeFault(fault)}`,
      cause,
    });
  }
}

/** A fault in words. */
export function describeFault(fault: StreamFault): string {
  switch (fault.reason) {
    case 'hole':
      return `event ${fault.seq} is missing`;
    case 'duplicate':
      return `event ${fault.seq} came twice`;
    case 'trimmed':
      return `events from ${fault.seq} on are no longer kept by the service`;
    case 'payload_mismatch':
      return `the payload of the last event (${fault.seq}) is not the one the receipt covers`;
    case 'count_mismatch':
      return `the receipt covers ${fault.expected} events, ${fault.received} were received`;
    case 'root_mismatch':
      return 'the received events do not hash to the root of the receipt: at least one was altered';
    case 'signature_invalid':
      return 'the signature of the receipt is not valid';
    case 'unknown_key':
      return 'the receipt is signed with a key the service does not publish';
    case 'receipt_missing':
      return 'the last event carries no receipt';
    case 'unfinished':
      return 'the stream has no last event';
    case 'keys_unavailable':
      return 'the keys of the service could not be read, so the receipt could not be checked';
  }
}
