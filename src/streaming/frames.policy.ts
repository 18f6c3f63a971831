import { encodeEvent } from '#libs/sse/index.js';
import type { LogBatch } from '#src/storage/index.js';

/** Why events are not in a log any more. */
export type GapReason = 'trimmed' | 'store_unavailable';

const SEPARATOR = '\n\n';

/** The wire bytes of one event: what is stored is what is sent. */
export const encodeFrame = (seq: number, event: string, data: string): Uint8Array =>
  Buffer.from(encodeEvent({ seq, event, data }));

/** The frames of a batch behind a cursor, without decoding or copying them. */
export function framesAfter(batch: LogBatch, after: number): Uint8Array {
  const skipped = after - batch.firstSeq + 1;
  if (skipped <= 0) return batch.data;
  const bytes = Buffer.from(batch.data.buffer, batch.data.byteOffset, batch.data.byteLength);
  let start = 0;
  for (let count = 0; count < skipped; count += 1) {
    const end = bytes.indexOf(SEPARATOR, start);
    if (end === -1) return bytes.subarray(bytes.length);
    start = end + SEPARATOR.length;
  }
  return bytes.subarray(start);
}

/** Stands in for events that are gone. Its id is the last missing number, so that a cursor moves past the gap. */
export const gapFrame = (fromSeq: number, toSeq: number, reason: GapReason): Uint8Array =>
  encodeFrame(toSeq, 'gap', JSON.stringify({ from_seq: fromSeq, to_seq: toSeq, reason }));

const HEAD = /^id: \d+\nevent: (\S+)\n/;
/** Longer than any `id:` line and the name of a terminal event. */
const HEAD_BYTES = 48;

/** Whether a batch ends its log, by the names of the events that do: they are stored alone. */
export function isTerminal({ firstSeq, lastSeq, data }: LogBatch, endings: ReadonlySet<string>): boolean {
  if (firstSeq !== lastSeq) return false;
  const [, event = ''] = HEAD.exec(Buffer.from(data.subarray(0, HEAD_BYTES)).toString('latin1')) ?? [];
  return endings.has(event);
}
