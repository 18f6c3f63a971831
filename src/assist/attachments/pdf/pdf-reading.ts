import type { PdfOutcome } from './pdf.worker.js';

/** What reading one file came to; `too_slow` is said by the one who waits. */
export type PdfReading = PdfOutcome | { readonly outcome: 'too_slow' };
