import type { Issue } from '../../issue.schema.js';
import type { PdfReading } from './pdf-reading.js';

/** Pages as one text, a line break between two, and where each begins (UTF-16 units). */
export function joinPages(pages: readonly string[]): { text: string; pageStarts: number[] } {
  const pageStarts: number[] = [];
  let text = '';
  for (const [index, page] of pages.entries()) {
    if (index > 0) text += '\n';
    pageStarts.push(text.length);
    text += page;
  }
  return { text, pageStarts };
}

type Failure = Exclude<PdfReading['outcome'], 'text'>;

const ISSUES = {
  encrypted: { code: 'pdf_encrypted', message: 'This PDF opens only with a password' },
  no_text: { code: 'pdf_no_text', message: 'This PDF holds no text, only pictures or nothing' },
  unreadable: { code: 'pdf_unreadable', message: 'This file is no readable PDF' },
  too_large: { code: 'pdf_unreadable', message: 'This PDF needs more memory than one file may use' },
  too_slow: { code: 'pdf_unreadable', message: 'This PDF takes longer to read than one file may' },
} as const satisfies Record<Failure, Issue>;

export const pdfIssue = (failure: Failure, target: string): Issue => ({ ...ISSUES[failure], target });
