import type { LogBatch } from '#src/storage/index.js';

/** What is stored before the reader a run was begun for can listen is a few events, bytes. */
const MAX_BYTES = 8_192;

/**
 * A log that is written here, from its first event on: its first reader need not ask the store for what this process has just
 * put there. Kept while it is short.
 */
export class LogBeginning {
  private batches: LogBatch[] | undefined = [];
  private bytes = 0;

  /** All that is stored so far; `undefined` when the store has to be asked. */
  get whole(): readonly LogBatch[] | undefined {
    return this.batches;
  }

  hear(batch: LogBatch): void {
    this.bytes += batch.data.length;
    if (this.bytes > MAX_BYTES) this.batches = undefined;
    this.batches?.push(batch);
  }
}
