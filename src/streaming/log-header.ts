import type { ProblemOrigin } from '#libs/problem/index.js';
import type { ComeBack } from '#src/kernel/index.js';
import type { NewRun } from './runs.service.js';
import type { StreamOwner } from './stream-owner.js';

/**
 * Of a run that is for its readers alone: it is stopped when the caller who asked for it leaves, unless somebody else reads.
 * One that left before the first event may come back.
 */
export type Attended = ComeBack;

/** The thing a stream is about, as its readers know it. */
export interface StreamSubject {
  readonly id: string;
  readonly model: string;
}

/** What every process that meets a log must know about it; written once, when the log is opened. */
export interface LogHeader extends ProblemOrigin {
  readonly owner: StreamOwner;
  readonly runId: string;
  /** What is being worked at, e.g. `draft-graph`. */
  readonly kind: string;
  /** Digest of what was asked, hex; empty when nobody recorded it. */
  readonly requestSha256: string;
  /** What readers know the work by, where its dialect names it. */
  readonly subject?: StreamSubject;
  /** Nothing of the stream is kept once it is over. */
  readonly unkept?: true;
  /** Unix ms. */
  readonly startedAt: number;
  readonly attended?: Attended;
}

export const encodeHeader = (header: LogHeader): Uint8Array => Buffer.from(JSON.stringify(header));

/** Only this service writes headers, so their content is believed. */
export const decodeHeader = (bytes: Uint8Array): LogHeader => JSON.parse(Buffer.from(bytes).toString()) as LogHeader;

/** The run that fills a log: whoever ends it can record it whole, also when its start never was. */
export const runOf = ({ runId, owner, kind, requestSha256, startedAt }: LogHeader, streamId: string): NewRun => ({
  id: runId,
  owner,
  kind,
  streamId,
  requestSha256,
  startedAt,
});
