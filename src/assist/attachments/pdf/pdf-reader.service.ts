import type { Clock } from '#src/kernel/index.js';
import type { PdfJob } from './pdf.worker.js';
import type { PdfReading } from './pdf-reading.js';
import { PdfThread } from './pdf-thread.js';

export interface PdfTerms {
  readonly maxPages: number;
  readonly maxCharacters: number;
  /** Bytes all buffers of one file may take together. */
  readonly maxBytes: number;
  /** Heap of a worker, MiB. */
  readonly heapMb: number;
  /** Files read at the same time. */
  readonly workers: number;
  /** Life of a worker that has nothing to do, ms. */
  readonly idleMs: number;
}

export const PDF_TERMS: PdfTerms = {
  maxPages: 200,
  maxCharacters: 5_000,
  maxBytes: 268_435_456,
  heapMb: 96,
  workers: 2,
  idleMs: 60_000,
};

const MAGIC = '%PDF-';
/** Readers accept the header anywhere in the first kilobyte (ISO 32000-1, implementation note 13). */
const MAGIC_WITHIN = 1_024;
/** Share of the time after which a worker stops by itself and hands over the pages it has. */
const PATIENCE = 0.6;

const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, MAGIC_WITHIN)).includes(MAGIC);

/**
 * Text of PDF files, read by a few reused worker threads. A file can take its worker down, by time or by memory,
 * and nothing else: such a worker is ended and the answer is an outcome.
 */
export class PdfReader {
  private readonly idle = new Set<PdfThread>();
  private readonly busy = new Set<PdfThread>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly terms: PdfTerms,
    private readonly clock: Clock,
  ) {}

  /**
   * @param timeoutMs longest reading time, waiting for a free worker not counted
   * @throws the signal's reason when it aborts
   */
  async read(bytes: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<PdfReading> {
    if (!isPdf(bytes)) return { outcome: 'unreadable' };
    await this.enter();
    try {
      signal.throwIfAborted();
      return await this.run(bytes, timeoutMs, signal);
    } finally {
      this.leave();
    }
  }

  /** Ends every worker. */
  async close(): Promise<void> {
    await Promise.all([...this.idle, ...this.busy].map((thread) => thread.end()));
    this.idle.clear();
  }

  private async enter(): Promise<void> {
    if (this.running < this.terms.workers) {
      this.running += 1;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place to whoever waits longest. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }

  private async run(bytes: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<PdfReading> {
    const { maxPages, maxCharacters, maxBytes } = this.terms;
    const job: PdfJob = {
      bytes: Uint8Array.from(bytes),
      maxPages,
      maxCharacters,
      maxBytes,
      patienceMs: timeoutMs * PATIENCE,
    };
    const thread = this.take();
    const { promise, resolve, reject } = Promise.withResolvers<PdfReading>();
    const stop = this.clock.after(timeoutMs, () => resolve({ outcome: 'too_slow' }));
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    thread.run(job).then(resolve, reject);
    try {
      return await promise;
    } finally {
      stop();
      signal.removeEventListener('abort', abort);
      await this.put(thread);
    }
  }

  private take(): PdfThread {
    const rested = [...this.idle].find(({ free }) => free);
    const thread = rested ?? new PdfThread(this.terms.heapMb);
    this.idle.delete(thread);
    this.busy.add(thread);
    return thread;
  }

  /** Keeps a thread that finished its job for a while; ends every other. */
  private async put(thread: PdfThread): Promise<void> {
    this.busy.delete(thread);
    if (!thread.free) return thread.end();
    this.idle.add(thread);
    this.clock.after(this.terms.idleMs, () => {
      if (this.idle.delete(thread)) void thread.end();
    });
  }
}
