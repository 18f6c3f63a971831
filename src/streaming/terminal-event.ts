import { SseDecoder } from '#libs/sse/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';

/** Far longer than any event a log takes. */
const MAX_LENGTH = 64 * 1_048_576;

/** The last event of a finished log, `complete` or `error`; `undefined` when it is gone. */
export async function readTerminal(
  hot: Hot,
  key: HotKey,
  lastSeq: number,
): Promise<{ readonly event: string; readonly data: string } | undefined> {
  const last = (await hot.readLog(key, lastSeq - 1, 1))?.batches.at(-1);
  return last === undefined ? undefined : new SseDecoder({ maxEventLength: MAX_LENGTH }).push(last.data).at(-1);
}
