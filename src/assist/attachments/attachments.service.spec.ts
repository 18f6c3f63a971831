import { afterAll, describe, expect, it } from '@jest/globals';
import * as files from '../../../test/support/documents.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import type { Attachment, AttachmentPayload } from './attachment.schema.js';
import { Attachments, type SentFile } from './attachments.service.js';
import { PDF_TERMS, PdfReader } from './pdf/pdf-reader.service.js';
import type { Reading } from './reading.js';

const clock = new FakeClock();
const pdfs = new PdfReader({ ...PDF_TERMS, workers: 1 }, clock);
const attachments = new Attachments(pdfs, clock);
const never = new AbortController().signal;
afterAll(() => pdfs.close());

const file = (kind: Attachment['kind'], payload: AttachmentPayload, id = 'one'): SentFile => ({
  id,
  kind,
  name: `${id}.${kind}`,
  payload,
});
const read = (...sent: readonly SentFile[]): Promise<Reading> => attachments.read(sent, never);

describe('attachments', () => {
  it.each([
    ['base64', files.base64('Grüße\r\nfrom here'), 'Grüße\r\nfrom here'],
    ['named base64', { data: files.base64('words'), encoding: 'base64' }, 'words'],
    ['plain text', { data: 'wörds', encoding: 'utf8' }, 'wörds'],
  ] as const)('are read from %s, letter by letter', async (_what, payload, text) => {
    const { documents, issues } = await read(file('txt', payload));
    expect(documents).toEqual([expect.objectContaining({ id: 'one', kind: 'txt', name: 'one.txt', text })]);
    expect(issues).toEqual([]);
  });

  it('are read from PDF files page by page', async () => {
    const { documents } = await read(
      file('pdf', files.base64(files.textPdf(['Rent is low.', 'So is risk.'], ['Page two.']))),
    );
    expect(documents).toEqual([
      expect.objectContaining({
        text: 'Rent is low.\nSo is risk.\nPage two.',
        pages: 2,
        pageStarts: [0, 25],
        charactersTotal: 34,
      }),
    ]);
  });

  it.each([
    ['broken base64', file('txt', '!!!'), 'attachment_invalid_base64'],
    ['an empty file', file('txt', ''), 'attachment_empty'],
    ['text that is not UTF-8', file('md', files.base64(Buffer.from('grün', 'latin1'))), 'attachment_not_utf8'],
    ['text with zero bytes', file('txt', files.base64('a\0b')), 'attachment_not_text'],
    ['a table with an open quote', file('csv', files.base64('a,b\n"1,2\n')), 'csv_parse_failed'],
    ['a table that is no text', file('csv', files.base64(Buffer.from([0xff, 0x41, 0x80]))), 'csv_parse_failed'],
    ['a PDF with a password', file('pdf', files.base64(files.encryptedPdf())), 'pdf_encrypted'],
    ['a scanned PDF', file('pdf', files.base64(files.imagePdf())), 'pdf_no_text'],
    ['half a PDF', file('pdf', files.base64(files.truncatedPdf())), 'pdf_unreadable'],
    ['a PDF that is none', file('pdf', files.base64('PK\u0003\u0004 a zip')), 'pdf_unreadable'],
    ['a PDF that unpacks to tens of megabytes', file('pdf', files.base64(files.bombPdf(64))), 'pdf_unreadable'],
  ])('that are %s are named and left out; the next one is still read', async (_what, bad, code) => {
    const { documents, issues } = await read(bad, file('txt', files.base64('fine'), 'two'));
    expect(issues).toEqual([{ code, message: expect.any(String), target: 'one' }]);
    expect(documents.map(({ id }) => id)).toEqual(['two']);
  });

  it('are used up to 5,000 characters, and say how many more there were', async () => {
    const { documents, issues } = await read(file('txt', files.base64('ä'.repeat(5_321))));
    expect(documents[0]).toMatchObject({ charactersUsed: 5_000, charactersTotal: 5_321 });
    expect(issues).toEqual([
      { code: 'attachment_truncated', message: '5000 characters are used, 321 more were there', target: 'one' },
    ]);
  });

  it('are used up to 50,000 characters together', async () => {
    const sent = Array.from({ length: 12 }, (_, index) => file('txt', files.base64('x'.repeat(4_900)), `f${index}`));
    const { documents, issues } = await read(...sent);
    expect(documents.map(({ charactersUsed }) => charactersUsed)).toEqual([...Array(10).fill(4_900), 1_000]);
    expect(issues.map(({ code, target }) => `${code} ${target}`)).toEqual([
      'attachment_truncated f10',
      'attachment_truncated f11',
    ]);
  });

  it('that are long PDF files say how much was not used', async () => {
    const page = Array.from({ length: 40 }, () => 'x'.repeat(100));
    const { documents, issues } = await read(file('pdf', files.base64(files.textPdf(page, page))));
    expect(documents[0]).toMatchObject({ charactersUsed: 5_000, pages: 2 });
    expect(issues).toEqual([expect.objectContaining({ code: 'attachment_truncated', target: 'one' })]);
  });

  it('that are tables become a summary, and no row of them leaves', async () => {
    const { documents, issues } = await read(file('csv', files.base64('city,rent\nHalle,5\nLeipzig,9\nJena\n')));
    expect(documents[0]?.text).not.toMatch(/Halle|Leipzig|Jena/);
    expect(documents[0]?.csv?.columns[1]).toMatchObject({ name: 'rent', count: 2, mean: 7, p50: 7, min: 5, max: 9 });
    expect(issues).toEqual([expect.objectContaining({ code: 'csv_ragged_rows', target: 'one' })]);
  });
});
