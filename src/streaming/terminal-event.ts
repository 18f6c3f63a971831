import { SseDecoder } from '#libs/sse/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { dialectOf } from './log-dialects.policy.js';
import { decodeHeader } from './log-header.js';
import type { LogHead } from './log-types.js';
import type { RunEnd } from './stream-end.policy.js';

/** Far longer than any event a log takes. */
const MAX_LENGTH = 64 * 1_048_576;

/** How the run behind a finished log ended, as its last event says. */
export async function readEnd(hot: Hot, key: HotKey, { header, lastSeq }: LogHead): Promise<RunEnd> {
  const batch = (await hot.readLog(key, lastSeq - 1, 1))?.batches.at(-1);
  const last = batch === undefined ? undefined : new SseDecoder({ maxEventLength: MAX_LENGTH }).push(batch.data).at(-1);
  if (last === undefined) return { status: 'failed', problem: 'INTERNAL' };
  return dialectOf(decodeHeader(header).kind).recordOfTerminal(last);
}
