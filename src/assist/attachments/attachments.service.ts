import type { Clock } from '#src/kernel/index.js';
import type { Issue } from '../issue.schema.js';
import type { Attachment, AttachmentPayload } from './attachment.schema.js';
import { type Cut, cutCharacters, cutLines, FILE_CHARACTERS, TOTAL_CHARACTERS } from './budget.policy.js';
import { readCsv } from './csv/read-csv.js';
import { type CsvSummary, summarise } from './csv/summary.policy.js';
import { decodeBase64, decodeText } from './decode.policy.js';
import type { PdfReader } from './pdf/pdf-reader.service.js';
import { joinPages, pdfIssue } from './pdf/pdf-text.policy.js';
import type { ReadDocument, Reading } from './reading.js';

/** What one file gives before the budget is applied. */
interface Content {
  readonly text: string;
  readonly pageStarts: readonly number[];
  readonly pages: number | undefined;
  readonly csv: CsvSummary | undefined;
  /** Characters that exist, also those not in `text`. */
  readonly characters: number | undefined;
  readonly notes: readonly Issue[];
}

type Opened = { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly issue: Issue };

const PDF_TIMEOUT_MS = 5_000;
/** Reading time all PDF files of a request share. */
const PDF_TOTAL_MS = 12_000;

export interface SentFile extends Attachment {
  readonly payload: AttachmentPayload;
}

/** Reads attachments one after the other. What cannot be read becomes an issue; nothing a file holds is an error. */
export class Attachments {
  constructor(
    private readonly pdfs: PdfReader,
    private readonly clock: Clock,
  ) {}

  /** @throws the signal's reason when it aborts */
  async read(files: readonly SentFile[], signal: AbortSignal): Promise<Reading> {
    const documents: ReadDocument[] = [];
    const issues: Issue[] = [];
    let left = TOTAL_CHARACTERS;
    let pdfMs = PDF_TOTAL_MS;
    for (const file of files) {
      const started = this.clock.now();
      const opened = await this.open(file, pdfMs, signal);
      if (file.kind === 'pdf') pdfMs -= this.clock.now() - started;
      if (!opened.ok) {
        issues.push(opened.issue);
        continue;
      }
      const document = measure(file, opened.content, Math.min(FILE_CHARACTERS, left));
      left -= document.charactersUsed;
      issues.push(...opened.content.notes, ...truncation(document));
      if (document.charactersUsed > 0) documents.push(document);
    }
    return { documents, issues };
  }

  private async open(file: SentFile, pdfMs: number, signal: AbortSignal): Promise<Opened> {
    const bytes = bytesOf(file.payload);
    if (bytes === undefined) return refuse(file, 'attachment_invalid_base64', 'The base64 of this file is broken');
    if (bytes.length === 0) return refuse(file, 'attachment_empty', 'This file is empty');
    if (file.kind === 'pdf') return this.openPdf(file, bytes, pdfMs, signal);
    const text = decodeText(bytes);
    if (file.kind === 'csv') return openCsv(file, text.ok ? text.value : undefined, signal);
    return text.ok ? { ok: true, content: plain(text.value) } : refuse(file, text.code, REASONS[text.code]);
  }

  private async openPdf(file: SentFile, bytes: Uint8Array, leftMs: number, signal: AbortSignal): Promise<Opened> {
    const timeoutMs = Math.min(PDF_TIMEOUT_MS, leftMs);
    if (timeoutMs <= 0)
      return refuse(file, 'pdf_unreadable', 'The time for reading PDF files of one request was used up');
    const reading = await this.pdfs.read(bytes, timeoutMs, signal);
    if (reading.outcome !== 'text') return { ok: false, issue: pdfIssue(reading.outcome, file.id) };
    const { text, pageStarts } = joinPages(reading.pages);
    const { pagesRead, pagesTotal, characters } = reading;
    const notes = pagesRead < pagesTotal ? [unreadPages(file.id, pagesRead, pagesTotal)] : [];
    const breaks = pageStarts.length - 1;
    return {
      ok: true,
      content: { text, pageStarts, pages: pagesTotal, csv: undefined, characters: characters + breaks, notes },
    };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  attachment_not_utf8: 'This file is neither UTF-8 nor marked as UTF-16',
  attachment_not_text: 'This file holds zero bytes, so it is no text',
  attachment_empty: 'This file is empty',
};

const refuse = ({ id }: SentFile, code: Issue['code'], message = 'This file cannot be read'): Opened => ({
  ok: false,
  issue: { code, message, target: id },
});

function bytesOf(payload: AttachmentPayload): Uint8Array | undefined {
  if (typeof payload !== 'string' && payload.encoding === 'utf8') return Buffer.from(payload.data, 'utf8');
  const decoded = decodeBase64(typeof payload === 'string' ? payload : payload.data);
  return decoded.ok ? decoded.value : undefined;
}

const plain = (text: string): Content => ({
  text,
  pageStarts: [],
  pages: undefined,
  csv: undefined,
  characters: undefined,
  notes: [],
});

async function openCsv(file: SentFile, text: string | undefined, signal: AbortSignal): Promise<Opened> {
  const table = text === undefined ? undefined : await readCsv(text, signal);
  if (table === undefined) return refuse(file, 'csv_parse_failed', 'This file is no readable CSV table');
  const csv = summarise(table);
  const ragged = `${table.ragged} rows have more or fewer fields than the first`;
  const more = `${table.rowsLeftOut} rows and ${table.columnsLeftOut} columns of this table were not counted`;
  const notes: Issue[] = [
    ...(table.ragged > 0 ? [{ code: 'csv_ragged_rows', message: ragged, target: file.id } as const] : []),
    ...(table.rowsLeftOut + table.columnsLeftOut > 0
      ? [{ code: 'attachment_truncated', message: more, target: file.id } as const]
      : []),
  ];
  return { ok: true, content: { ...plain(csv.text), csv, notes } };
}

const unreadPages = (target: string, read: number, total: number): Issue => ({
  code: 'attachment_truncated',
  message: `${read} of ${total} pages were read`,
  target,
});

function measure({ id, kind, name }: SentFile, content: Content, limit: number): ReadDocument {
  const cut: Cut = kind === 'csv' ? cutLines(content.text, limit) : cutCharacters(content.text, limit);
  const { pageStarts, pages, csv, characters } = content;
  const charactersTotal = Math.max(characters ?? 0, cut.total);
  return { id, kind, name, text: cut.text, charactersUsed: cut.used, charactersTotal, pageStarts, pages, csv };
}

function truncation({ id, kind, charactersUsed, charactersTotal }: ReadDocument): Issue[] {
  if (charactersUsed >= charactersTotal) return [];
  const what = kind === 'csv' ? 'characters of the summary' : 'characters';
  const message = `${charactersUsed} ${what} are used, ${charactersTotal - charactersUsed} more were there`;
  return [{ code: 'attachment_truncated', message, target: id }];
}
