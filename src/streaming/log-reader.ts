import { setImmediate } from 'node:timers/promises';
import { encodeRetry, HEARTBEAT } from '#libs/sse/index.js';
import { AppError, isUnavailable } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { framesAfter, gapFrame, isTerminal } from './frames.policy.js';
import { dialectOf } from './log-dialects.policy.js';
import type { LogHeader } from './log-header.js';
import type { LogSlice } from './log-types.js';
import { failed } from './stream-end.policy.js';
import { ARCHIVE_WAIT_MS } from './stream-ends.service.js';
import type { StreamHub } from './stream-hub.service.js';
import { UNREACHABLE_MS } from './stream-log.js';
import { READ_BYTES } from './stream-store.service.js';
import type { Ticket } from './stream-tail.js';
import { terminalOf } from './terminal.policy.js';

const RETRY_MS = 2_000;
/** For calls that wait for their limit, and for timers of a busy process, ms. */
const SLACK_MS = 5_000;
/**
 * How long a reader waits for a store that does not answer: longer than the run itself does, whose word is better. A run that
 * is just over waits for its archive first.
 */
const PATIENCE_MS = ARCHIVE_WAIT_MS + UNREACHABLE_MS + SLACK_MS;
/** How long a reader of a log that is gone waits for the run's own word, ms. */
const MISSING_MS = 2_000;

export const PREFACE = Buffer.from(encodeRetry(RETRY_MS));
const BEAT = Buffer.from(HEARTBEAT);

export interface Reading {
  readonly hot: Hot;
  readonly key: HotKey;
  readonly header: LogHeader;
  /** Number of the last event the reader has. */
  readonly after: number;
  /** `replay` ends where the log ends now; `live` ends with its terminal event. */
  readonly mode: 'live' | 'replay';
  /** What is behind `after`, read already. */
  readonly first: LogSlice;
  /** Told when the reader is left before the end of the log: the number of the last event it gave. */
  readonly left?: (after: number) => void;
}

/**
 * One reader of one log, as ready event-stream bytes. Stored frames pass through as they are. It reads only when it is
 * pulled, and at most 64 KiB at a time: a slow reader costs nothing more.
 */
export class LogReader {
  private after: number;
  /** The log holds more than was read. */
  private behind = false;
  private over = false;
  private ticket: Ticket | undefined;
  private failingSince: number | undefined;
  private missingSince: number | undefined;

  constructor(
    private readonly reading: Reading,
    private readonly hub: StreamHub,
  ) {
    this.after = reading.after;
  }

  async *bytes(): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield joined([PREFACE, ...this.take(this.reading.first)]);
      // What is stored goes out first: to join the live end is work that its reader need not wait for.
      await setImmediate();
      while (!this.over) {
        const chunk = await this.step();
        if (chunk === undefined || chunk.length === 0) continue;
        yield chunk;
        if (this.ticket !== undefined) this.ticket.sentAt = this.hub.now();
      }
    } finally {
      this.close();
    }
  }

  /** The reader went away: ends a wait that is under way. */
  close(): void {
    if (!this.over) this.reading.left?.(this.after);
    this.finish();
  }

  private async step(): Promise<Uint8Array | undefined> {
    if (this.behind) return this.read();
    if (this.reading.mode === 'replay') return this.finish();
    this.ticket ??= await this.join();
    const { tail, look } = this.ticket;
    if (look) return this.read();
    if (tail.lastSeq > this.after) return this.takeRecent();
    if (tail.end !== undefined) return this.takeEnd();
    if (this.hub.closing) return this.finish();
    if (this.hub.heartbeatDue(this.ticket)) return BEAT;
    await this.ticket.wait();
    return undefined;
  }

  private async join(): Promise<Ticket> {
    const ticket = await this.hub.join(this.reading.hot, this.reading.key);
    // Went away meanwhile.
    if (this.over) this.hub.leave(ticket);
    return ticket;
  }

  private async read(): Promise<Uint8Array | undefined> {
    if (this.ticket !== undefined) this.ticket.look = false;
    try {
      const slice = await this.reading.hot.readLog(this.reading.key, this.after, READ_BYTES);
      if (slice === undefined || slice.head.lastSeq < this.after) return await this.lost();
      this.heed(slice.head);
      this.ticket?.tail.found(slice.head.lastSeq);
      return joined(this.take(slice));
    } catch (cause) {
      return this.unreadable(cause);
    }
  }

  /** The frames of a slice behind the cursor; moves the cursor. */
  private take({ head, batches }: LogSlice): Uint8Array[] {
    const frames = batches.map((batch) => framesAfter(batch, this.after));
    const firstSeq = batches[0]?.firstSeq ?? head.lastSeq + 1;
    if (firstSeq > this.after + 1) frames.unshift(gapFrame(this.after + 1, firstSeq - 1, 'trimmed'));
    this.after = batches.at(-1)?.lastSeq ?? head.lastSeq;
    this.behind = this.after < head.lastSeq;
    if (head.final && !this.behind) this.finish();
    return frames;
  }

  private takeRecent(): Uint8Array | Promise<Uint8Array | undefined> {
    const batches = this.ticket?.tail.since(this.after);
    const last = batches?.at(-1);
    if (batches === undefined || last === undefined) return this.read();
    const frames = batches.map((batch) => framesAfter(batch, this.after));
    this.after = last.lastSeq;
    if (isTerminal(last, dialectOf(this.reading.header.kind).endings)) this.finish();
    return joined(frames);
  }

  /** The run's own word on its end, when it could not be stored: whatever this reader misses is named as a gap. */
  private takeEnd(): Uint8Array | undefined {
    const end = this.ticket?.tail.end;
    this.finish();
    if (end === undefined || end.seq <= this.after) return undefined;
    const gap = end.seq > this.after + 1 ? [gapFrame(this.after + 1, end.seq - 1, 'store_unavailable')] : [];
    return joined([...gap, end.frame]);
  }

  /** Nothing more is waited for, also while the last bytes wait for their reader. */
  private finish(): undefined {
    this.over = true;
    if (this.ticket !== undefined) this.hub.leave(this.ticket);
  }

  /** A log that nobody holds is ended within a second or two, unless its store takes nothing new: nobody waits for that. */
  private heed({ held, final }: LogSlice['head']): void {
    const now = this.hub.now();
    const awaited = held || final || dialectOf(this.reading.header.kind).durable;
    this.failingSince = awaited ? undefined : (this.failingSince ?? now);
    if (this.failingSince === undefined || now - this.failingSince < PATIENCE_MS) return;
    throw new AppError('DEPENDENCY_UNAVAILABLE', 'The store of this stream takes no end of it');
  }

  private async lost(): Promise<Uint8Array | undefined> {
    if (this.ticket?.tail.end !== undefined) return this.takeEnd();
    this.missingSince ??= this.hub.now();
    if (this.ticket !== undefined && this.hub.now() - this.missingSince < MISSING_MS) {
      await this.ticket.wait();
      this.ticket.look = true;
      return undefined;
    }
    this.finish();
    const end = failed(new AppError('DEPENDENCY_UNAVAILABLE', 'The store lost events of this stream'));
    return terminalOf(end, { seq: this.after + 1, receipt: undefined }, this.reading.header).frame;
  }

  private async unreadable(cause: unknown): Promise<Uint8Array | undefined> {
    if (this.ticket?.tail.end !== undefined) return this.takeEnd();
    const now = this.hub.now();
    this.failingSince ??= now;
    if (!isUnavailable(cause) || this.ticket === undefined || now - this.failingSince >= PATIENCE_MS) throw cause;
    await this.ticket.wait();
    this.ticket.look = true;
    return undefined;
  }
}

/** Iterates a reader in a way that a hang-up ends at once, even while it waits. */
export function iterate(reader: LogReader): AsyncIterableIterator<Uint8Array> {
  const bytes = reader.bytes();
  return {
    next: () => bytes.next(),
    return: () => {
      reader.close();
      return bytes.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
};
