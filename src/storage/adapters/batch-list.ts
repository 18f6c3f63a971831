import type { LogBatch } from '../hot.port.js';

/** Dropped places at the front before they are given back. */
const SLACK = 64;

/** Batches in order. Dropping the first and finding a number are cheap. */
export class BatchList {
  private batches: (LogBatch | undefined)[] = [];
  private start = 0;

  get size(): number {
    return this.batches.length - this.start;
  }

  get first(): LogBatch | undefined {
    return this.batches[this.start];
  }

  push(batch: LogBatch): void {
    this.batches.push(batch);
  }

  dropFirst(): void {
    this.batches[this.start] = undefined;
    this.start += 1;
    if (this.start < SLACK || this.start * 2 < this.batches.length) return;
    this.batches = this.batches.slice(this.start);
    this.start = 0;
  }

  /** Batches that hold events after a number, up to `maxBytes` together, at least one if there is one. */
  after(seq: number, maxBytes: number): readonly LogBatch[] {
    const found: LogBatch[] = [];
    let bytes = 0;
    for (let at = this.indexAfter(seq); at < this.batches.length; at++) {
      const batch = this.batches[at];
      if (batch === undefined || (found.length > 0 && bytes + batch.data.length > maxBytes)) break;
      found.push(batch);
      bytes += batch.data.length;
    }
    return found;
  }

  private indexAfter(seq: number): number {
    let low = this.start;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.batches[middle]?.lastSeq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
