/**
 * Reads the text of PDF files, away from the main thread and within limits. This file stands alone: it is started
 * as it is, from JavaScript or from TypeScript without a build, so it uses erasable syntax and no modules of ours.
 */
import { parentPort } from 'node:worker_threads';

export interface PdfJob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly maxPages: number;
  /** Text kept; what is beyond is only counted. */
  readonly maxCharacters: number;
  /** After this many milliseconds no further page is begun. */
  readonly patienceMs: number;
  /** Bytes all buffers of one file may take together, and one alone a sixteenth of it. */
  readonly maxBytes: number;
}

export type PdfOutcome =
  | {
      readonly outcome: 'text';
      /** Text of each page that was read, up to the limit of characters. */
      readonly pages: readonly string[];
      /** Characters on all pages that were read. */
      readonly characters: number;
      readonly pagesRead: number;
      readonly pagesTotal: number;
    }
  | { readonly outcome: 'encrypted' | 'unreadable' | 'no_text' | 'too_large' };

const allowance = { left: 0, largest: 0, exceeded: false };

/** Buffers live outside the heap limit of a worker, so a decompression bomb is stopped where it asks for memory. */
globalThis.Uint8Array = new Proxy(Uint8Array, {
  construct(target, parameters: unknown[], newTarget) {
    const [size] = parameters;
    if (typeof size === 'number') spend(size);
    return Reflect.construct(target, parameters, newTarget === globalThis.Uint8Array ? target : newTarget);
  },
});
// Decompresses natively and unbounded; without it the reader uses its own code, which asks for its buffers above.
Reflect.deleteProperty(globalThis, 'DecompressionStream');

function spend(bytes: number): void {
  allowance.left -= bytes;
  if (bytes <= allowance.largest && allowance.left >= 0) return;
  allowance.exceeded = true;
  throw new RangeError('More memory than a document may use');
}

async function read(job: PdfJob): Promise<PdfOutcome> {
  const started = performance.now();
  allowance.left = Number.POSITIVE_INFINITY;
  allowance.largest = Number.POSITIVE_INFINITY;
  const { getDocumentProxy } = await import('unpdf');
  Object.assign(allowance, { left: job.maxBytes, largest: job.maxBytes / 16, exceeded: false });
  const pdf = await getDocumentProxy(job.bytes, { verbosity: 0, enableXfa: false, disableFontFace: true });
  const pages: string[] = [];
  let characters = 0;
  let kept = 0;
  let page = 1;
  for (; page <= Math.min(pdf.numPages, job.maxPages); page++) {
    if (page > 1 && performance.now() - started > job.patienceMs) break;
    const text = await readPage(pdf, page);
    characters += Array.from(text).length;
    if (kept < job.maxCharacters) pages.push(text.slice(0, job.maxCharacters * 2));
    kept += text.length;
  }
  const pagesTotal = pdf.numPages;
  await pdf.loadingTask.destroy();
  if (allowance.exceeded) return { outcome: 'too_large' };
  if (pages.every((text) => text.trim() === '')) return { outcome: 'no_text' };
  return { outcome: 'text', pages, characters, pagesRead: page - 1, pagesTotal };
}

interface Pdf {
  getPage(number: number): Promise<{
    getTextContent(): Promise<{ items: readonly object[] }>;
    cleanup(): boolean;
  }>;
}

async function readPage(pdf: Pdf, number: number): Promise<string> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const text = items.map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : ''));
  return text.join('').replaceAll('\0', '').toWellFormed();
}

function failure(error: unknown): PdfOutcome {
  if (allowance.exceeded) return { outcome: 'too_large' };
  const encrypted = error instanceof Error && error.name === 'PasswordException';
  return { outcome: encrypted ? 'encrypted' : 'unreadable' };
}

parentPort?.on('message', (job: PdfJob) => {
  void read(job)
    .catch(failure)
    .then((outcome) => parentPort?.postMessage(outcome));
});
