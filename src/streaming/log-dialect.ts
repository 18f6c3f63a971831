import type { Receipt } from '#libs/sse/index.js';
import type { LogHeader } from './log-header.js';
import type { RunEnd, StreamEnd } from './stream-end.policy.js';

/** An event as it is written into a log. */
export interface LogEvent {
  readonly event: string;
  readonly data: string;
}

/** Where the last event of a log stands. The receipt is missing where the hash over what is before it is not known. */
export interface EndPlace {
  readonly seq: number;
  readonly receipt: Receipt | undefined;
}

/** How the streams of a kind speak. What one log holds, every process reads the same. */
export interface LogDialect {
  /** Names of the events that end a log; no producer may emit one. */
  readonly endings: ReadonlySet<string>;
  /** Readers are given tokens to come back with. */
  readonly resumeTokens: boolean;
  /** A run whose process died is taken up by a durable job: nobody else may end it. */
  readonly durable: boolean;
  terminal(end: StreamEnd, place: EndPlace, header: LogHeader): LogEvent;
  /** What is recorded of a run that ended so. */
  recordOf(end: StreamEnd): RunEnd;
  /** The same, from the last event of its log. */
  recordOfTerminal(last: LogEvent): RunEnd;
}
