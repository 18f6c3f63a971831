import type { AppendOutcome, LogBatch, LogHead, LogSlice, LogTerms } from '../hot.port.js';

/** Milliseconds as Redis takes them. */
export const milliseconds = (ms: number): string => String(Math.max(1, Math.ceil(ms)));

/** Names of one log; all in the tenant's slot. */
export const logKeys = (name: string) => ({
  meta: `${name}:meta`,
  entries: `${name}:entries`,
  lease: `${name}:lease`,
  channel: `${name}:channel`,
});

/** What every script about a held log is told first: who asks, and for how long. */
export const leaseArguments = (holder: string, { leaseMs, ttlMs }: LogTerms): string[] => [
  holder,
  milliseconds(leaseMs),
  milliseconds(ttlMs),
];

/** Bytes without a copy, as the driver takes them. */
export const bytesOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** The answer of the scripts that append or renew. */
export function outcomeOf(reply: unknown): AppendOutcome {
  const [outcome, cancel] = texts(reply);
  if (outcome === 'stored') return { outcome, cancelRequested: cancel === '1' };
  if (outcome === 'fenced' || outcome === 'finished' || outcome === 'lost') return { outcome };
  throw new TypeError('Unexpected answer of a log script');
}

/** The answer of the script that reads: seven parts of the head, then three of each batch. */
export function sliceOf(reply: unknown): LogSlice | undefined {
  const parts = buffers(reply);
  if (parts.length === 0) return undefined;
  const batches: LogBatch[] = [];
  for (let at = HEAD_PARTS; at + 2 < parts.length; at += 3) {
    batches.push({
      lastSeq: Number.parseInt(textAt(parts, at), 10),
      firstSeq: Number(textAt(parts, at + 1)),
      data: partAt(parts, at + 2),
    });
  }
  return { head: headOf(parts), batches };
}

const HEAD_PARTS = 7;

const headOf = (parts: readonly Buffer[]): LogHead => ({
  header: partAt(parts, 0),
  state: partAt(parts, 1),
  firstSeq: Number(textAt(parts, 2)),
  lastSeq: Number(textAt(parts, 3)),
  final: textAt(parts, 4) === '1',
  held: textAt(parts, 5) === '1',
  cancelRequested: textAt(parts, 6) === '1',
});

const texts = (reply: unknown): string[] => buffers(reply).map((part) => part.toString());

const buffers = (reply: unknown): readonly Buffer[] => (Array.isArray(reply) ? reply.filter(Buffer.isBuffer) : []);

const textAt = (parts: readonly Buffer[], at: number): string => partAt(parts, at).toString('latin1');

function partAt(parts: readonly Buffer[], at: number): Buffer {
  const part = parts[at];
  if (part === undefined) throw new TypeError('Unexpected answer of a log script');
  return part;
}
