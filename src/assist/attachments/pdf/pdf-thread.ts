import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeOf } from '#src/kernel/index.js';
import type { PdfJob, PdfOutcome } from './pdf.worker.js';

type Settle = { readonly resolve: (outcome: PdfOutcome) => void; readonly reject: (error: unknown) => void };

/** One worker thread and the one job it may have. A thread that died says so and is not used again. */
export class PdfThread {
  private alive = true;
  private readonly worker: Worker;
  private job: Settle | undefined;

  /** @param heapMb heap of the thread, MiB */
  constructor(heapMb: number) {
    // The thread has this file's extension: JavaScript once built, TypeScript before. It gets no environment.
    const entry = new URL(`./pdf.worker${extname(import.meta.url)}`, import.meta.url);
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 };
    this.worker = new Worker(entry, { env: {}, execArgv: [], stdout: true, stderr: true, resourceLimits });
    this.worker.on('message', (outcome: PdfOutcome) => this.settle()?.resolve(outcome));
    this.worker.on('error', (error) => this.died(error));
    this.worker.on('exit', () => this.died(undefined));
    this.worker.unref();
  }

  /** Alive, and without a job. */
  get free(): boolean {
    return this.alive && this.job === undefined;
  }

  /** @throws when the thread cannot be started at all */
  run(job: PdfJob): Promise<PdfOutcome> {
    return new Promise((resolve, reject) => {
      this.job = { resolve, reject };
      this.worker.ref();
      this.worker.postMessage(job, [job.bytes.buffer]);
    });
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.worker.terminate();
  }

  private died(error: unknown): void {
    this.alive = false;
    const job = this.settle();
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND') job?.reject(error);
    job?.resolve({ outcome: codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_large' : 'unreadable' });
  }

  private settle(): Settle | undefined {
    const { job } = this;
    this.job = undefined;
    // A resting thread keeps no process alive.
    this.worker.unref();
    return job;
  }
}
