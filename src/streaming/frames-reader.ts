import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Hot, HotKey } from '#src/storage/index.js';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
/** Speed before size: most archives are never read. */
const LEVEL = 1;
const PAGE_BYTES = 1_048_576;
/** No log is larger, whatever its settings were: what inflates to more is not ours. */
const MAX_INFLATED_BYTES = 512 * 1_048_576;

/** The frames of a log, in order; `firstSeq` is larger than 1 when it was trimmed. */
export interface LogFrames {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly frames: readonly Uint8Array[];
}

/** Everything a log holds, by pages; `undefined` when it is gone. */
export async function readFrames(hot: Hot, key: HotKey): Promise<LogFrames | undefined> {
  const frames: Uint8Array[] = [];
  let firstSeq: number | undefined;
  for (let after = 0; ; ) {
    const slice = await hot.readLog(key, after, PAGE_BYTES);
    if (slice === undefined) return undefined;
    firstSeq ??= slice.batches[0]?.firstSeq ?? slice.head.firstSeq;
    for (const batch of slice.batches) frames.push(batch.data);
    after = slice.batches.at(-1)?.lastSeq ?? after;
    if (slice.batches.length === 0 || after >= slice.head.lastSeq) return { firstSeq, lastSeq: after, frames };
  }
}

export const compress = (frames: readonly Uint8Array[]): Promise<Uint8Array> =>
  deflate(Buffer.concat(frames), { level: LEVEL });

export const decompress = (bytes: Uint8Array): Promise<Uint8Array> =>
  inflate(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
