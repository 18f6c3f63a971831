import type { LogBatch, LogTerms } from './hot.port.js';

/** What a store knows about a log, apart from its batches. */
export interface LogState {
  readonly holder: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly final: boolean;
  readonly events: number;
  readonly bytes: number;
}

export type AppendDecision = 'store' | 'stored' | 'fenced' | 'finished' | 'lost';

/**
 * What becomes of a batch. `store`: it is the next one; `stored`: it is there already, from an earlier try. A holder that was
 * replaced learns nothing but that. The Redis adapter holds the same rule in Lua; a property test keeps the two equal.
 */
export function decideAppend(log: LogState | undefined, holder: string, batch: LogBatch): AppendDecision {
  if (log === undefined) return 'lost';
  if (log.holder !== holder) return 'fenced';
  if (batch.lastSeq <= log.lastSeq) return 'stored';
  if (log.final) return 'finished';
  return batch.firstSeq === log.lastSeq + 1 ? 'store' : 'lost';
}

/** Whether a log is larger than agreed. */
export const isOver = ({ events, bytes }: Pick<LogState, 'events' | 'bytes'>, terms: LogTerms): boolean =>
  events > terms.maxEvents || bytes > terms.maxBytes;

/** Numbers start at 1 and rise by one; a batch holds at least one event. */
export function checkBatch({ firstSeq, lastSeq }: LogBatch): void {
  if (Number.isSafeInteger(firstSeq) && Number.isSafeInteger(lastSeq) && firstSeq >= 1 && lastSeq >= firstSeq) return;
  throw new RangeError(`Not a batch of events: ${firstSeq} to ${lastSeq}`);
}
