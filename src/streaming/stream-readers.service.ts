import { Injectable } from '@nestjs/common';
import { AppError, isUnavailable } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import { Abandoned } from './abandoned.js';
import { Attendance } from './attendance.service.js';
import { framesAfter, gapFrame } from './frames.policy.js';
import { decodeHeader, encodeHeader, type LogHeader } from './log-header.js';
import { iterate, LogReader, PREFACE } from './log-reader.js';
import type { LogSlice } from './log-types.js';
import { ResumeTokens } from './resume-tokens.service.js';
import { type ArchivedStream, StreamArchive } from './stream-archive.service.js';
import { StreamHub } from './stream-hub.service.js';
import { isStreamId } from './stream-id.policy.js';
import { owns, type StreamOwner } from './stream-owner.js';
import { type Found, logKey, READ_BYTES, StreamStore } from './stream-store.service.js';

/** Where a reader wants to begin, and whether it stays. */
export interface FollowOptions {
  /** Number of the last event the reader has; 0 or left out for all. */
  readonly after?: number;
  /** `false` closes where the log ends now. */
  readonly live: boolean;
  /** Who asks for the stream once more would rather have it run again than read how it was abandoned. */
  readonly repeat?: true;
}

/** A log that was made a moment ago. */
export interface NewLog {
  readonly hot: Hot;
  readonly key: HotKey;
  readonly header: LogHeader;
}

/** A stream named by a token. */
export interface ResumedStream {
  readonly streamId: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A cursor and where it came from: one we signed pointed at an event that existed. */
interface Cursor {
  readonly seq: number;
  readonly signed: boolean;
}

interface Opened {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Nothing is behind the cursor, and nothing will be. */
  readonly told: boolean;
}

/** Finds streams for those who may read them. */
@Injectable()
export class StreamReaders {
  constructor(
    private readonly store: StreamStore,
    private readonly hub: StreamHub,
    private readonly archive: StreamArchive,
    private readonly tokens: ResumeTokens,
    private readonly attendance: Attendance,
  ) {}

  /** The whole of a new log. Its store may be lost at this very moment: then the reader hears from the run what becomes of it. */
  begin({ hot, key, header }: NewLog): AsyncIterable<Uint8Array> {
    const left = (after: number): void => {
      if (!this.hub.closing) this.attendance.left({ hot, key }, header, after);
    };
    return iterate(
      new LogReader({ hot, key, header, after: 0, mode: 'live', first: emptySlice(header), left }, this.hub),
    );
  }

  async follow(streamId: string, owner: StreamOwner, options: FollowOptions): Promise<AsyncIterable<Uint8Array>> {
    const { bytes } = await this.open(streamId, owner, { seq: options.after ?? 0, signed: false }, options);
    return bytes;
  }

  /** {@link follow} live, behind an event that was heard; `undefined` when that was the last one there will be. */
  async rest(streamId: string, owner: StreamOwner, after: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { bytes, told } = await this.open(streamId, owner, { seq: after, signed: false }, { live: true });
    return told ? undefined : bytes;
  }

  /** The token says where; a `lastEventId` says it better. */
  async resume(
    token: string,
    owner: StreamOwner,
    { lastEventId, live }: { readonly lastEventId?: number | undefined; readonly live: boolean },
  ): Promise<ResumedStream> {
    const { streamId, seq } = this.tokens.read(token, owner);
    const cursor = lastEventId === undefined ? { seq, signed: true } : { seq: lastEventId, signed: false };
    const { bytes } = await this.open(streamId, owner, cursor, { live });
    return { streamId, bytes };
  }

  /** Forgets log and archive of a stream that is over. */
  async forget(streamId: string, owner: StreamOwner): Promise<void> {
    await this.archive.forget(streamId, owner);
    await this.store.drop(logKey(owner.tenantId, streamId));
  }

  private async open(
    streamId: string,
    owner: StreamOwner,
    cursor: Cursor,
    { live, repeat }: FollowOptions,
  ): Promise<Opened> {
    if (!isStreamId(streamId)) throw new AppError('NOT_FOUND', 'No such stream');
    const key = logKey(owner.tenantId, streamId);
    const found = await this.current(key, cursor.seq);
    if (found.state !== 'found') return this.late(streamId, owner, cursor);
    const { hot, slice } = found;
    const header = decodeHeader(slice.head.header);
    if (!owns(header.owner, owner)) throw new AppError('NOT_FOUND', 'No such stream');
    const joined = header.attended === undefined || !live || (await this.attendance.join({ hot, key }));
    if (!joined && repeat === true) throw new Abandoned();
    checkCursor(cursor, slice.head.lastSeq);
    const mode = live ? 'live' : 'replay';
    const reader = new LogReader({ hot, key, header, after: cursor.seq, mode, first: slice }, this.hub);
    return { bytes: iterate(reader), told: slice.head.final && cursor.seq === slice.head.lastSeq };
  }

  /** The log as it is, ended first if its producer is gone and its store takes the end: it can be read all the same. */
  private async current(key: HotKey, after: number): Promise<Found> {
    const found = await this.store.find(key, after);
    if (found.state !== 'found' || found.slice.head.final || found.slice.head.held) return found;
    try {
      await this.hub.orphans.watch(found.hot, key);
    } catch (cause) {
      if (isUnavailable(cause)) return found;
      throw cause;
    }
    return this.store.find(key, after);
  }

  private async late(streamId: string, owner: StreamOwner, cursor: Cursor): Promise<Opened> {
    const trace = await this.archive.trace(streamId, owner);
    if (trace.state === 'unknown') throw new AppError('NOT_FOUND', 'No such stream');
    if (trace.state === 'known') throw new AppError('RESUME_UNAVAILABLE', 'Nothing is kept of this stream any more');
    checkCursor(cursor, trace.stream.lastSeq);
    return { bytes: replay(trace.stream, cursor.seq), told: cursor.seq === trace.stream.lastSeq };
  }
}

function emptySlice(header: LogHeader): LogSlice {
  const state = new Uint8Array();
  const head = { header: encodeHeader(header), state, firstSeq: 1, lastSeq: 0, final: false, held: true };
  return { head: { ...head, cancelRequested: false }, batches: [] };
}

function checkCursor({ seq, signed }: Cursor, lastSeq: number): void {
  if (seq <= lastSeq) return;
  if (signed) throw new AppError('RESUME_UNAVAILABLE', 'The store lost events of this stream');
  throw new AppError('BAD_INPUT', 'Last-Event-ID is beyond the end of the stream');
}

async function* replay({ firstSeq, lastSeq, frames }: ArchivedStream, after: number): AsyncGenerator<Uint8Array> {
  const gap = firstSeq > after + 1 ? [gapFrame(after + 1, firstSeq - 1, 'trimmed')] : [];
  const rest = framesAfter({ firstSeq, lastSeq, data: frames }, after);
  yield Buffer.concat([PREFACE, ...gap, rest.subarray(0, READ_BYTES)]);
  for (let at = READ_BYTES; at < rest.length; at += READ_BYTES) yield rest.subarray(at, at + READ_BYTES);
}
