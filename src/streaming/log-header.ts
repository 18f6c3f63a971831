import type { ProblemOrigin } from '#libs/problem/index.js';
import type { StreamOwner } from './stream-owner.js';

/** What every process that meets a log must know about it; written once, when the log is opened. */
export interface LogHeader extends ProblemOrigin {
  readonly owner: StreamOwner;
  readonly runId: string;
  /** What is being worked at, e.g. `draft-graph`. */
  readonly kind: string;
}

export const encodeHeader = (header: LogHeader): Uint8Array => Buffer.from(JSON.stringify(header));

/** Only this service writes headers, so their content is believed. */
export const decodeHeader = (bytes: Uint8Array): LogHeader => JSON.parse(Buffer.from(bytes).toString()) as LogHeader;
