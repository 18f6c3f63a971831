import { encodeEvent } from '#libs/sse/index.js';
import type { LogBatch } from '#src/storage/index.js';
import { RollingHash } from './rolling-hash.js';

/** A batch as it goes to the store, with the hash over everything up to its end. */
export interface SealedBatch extends LogBatch {
  readonly state: Uint8Array;
  readonly final: boolean;
}

/** Where the producer before this one left off. */
export interface LogPosition {
  readonly lastSeq: number;
  /** The hash over everything up to there. */
  readonly state: Uint8Array;
}

/** Largest batch, so that a reader need not hold more; a single larger event makes a batch of its own. */
export const MAX_BATCH_BYTES = 65_536;

/** Numbers events and packs their frames into batches, in order. Knows no store and no time. */
export class BatchBuilder {
  lastSeq: number;
  /** Events added and not yet stored. */
  pendingEvents = 0;
  pendingBytes = 0;
  /** The last event was added. */
  ended = false;
  private readonly hash: RollingHash;
  private readonly sealed: SealedBatch[] = [];
  private frames: string[] = [];
  private frameBytes = 0;

  constructor(streamId: string, from: LogPosition | undefined) {
    this.lastSeq = from?.lastSeq ?? 0;
    this.hash = from === undefined || from.lastSeq === 0 ? RollingHash.of(streamId) : RollingHash.from(from.state);
  }

  /** Rolling hash over all events added, hex. */
  get root(): string {
    return this.hash.root;
  }

  add(event: string, data: string): void {
    const seq = this.lastSeq + 1;
    const frame = encodeEvent({ seq, event, data });
    const bytes = Buffer.byteLength(frame);
    if (this.frameBytes > 0 && this.frameBytes + bytes > MAX_BATCH_BYTES) this.seal();
    this.hash.extend({ seq, event, data });
    this.lastSeq = seq;
    this.frames.push(frame);
    this.frameBytes += bytes;
    this.count(bytes);
  }

  /** Adds the terminal event as a batch of its own. */
  end(frame: Uint8Array): void {
    this.seal();
    this.lastSeq += 1;
    this.ended = true;
    this.sealed.push({
      firstSeq: this.lastSeq,
      lastSeq: this.lastSeq,
      data: frame,
      state: this.hash.state,
      final: true,
    });
    this.count(frame.length);
  }

  /** The oldest batch that is not stored; the same one until {@link stored} says it is. */
  next(): SealedBatch | undefined {
    if (this.sealed.length === 0) this.seal();
    return this.sealed[0];
  }

  stored(batch: SealedBatch): void {
    this.sealed.shift();
    this.pendingEvents -= batch.lastSeq - batch.firstSeq + 1;
    this.pendingBytes -= batch.data.length;
  }

  private count(bytes: number): void {
    this.pendingEvents += 1;
    this.pendingBytes += bytes;
  }

  private seal(): void {
    if (this.frames.length === 0) return;
    const firstSeq = this.lastSeq - this.frames.length + 1;
    const data = Buffer.from(this.frames.join(''));
    this.sealed.push({ firstSeq, lastSeq: this.lastSeq, data, state: this.hash.state, final: false });
    this.frames = [];
    this.frameBytes = 0;
  }
}
