import { deflateSync } from 'node:zlib';

/** Files as callers send them, small and made here, so that every byte has a reason. */

interface PdfObject {
  readonly body: string | Uint8Array;
}

const bytesOf = (part: string | Uint8Array): Uint8Array =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : part;

/** Header, numbered objects, cross-reference table and trailer (ISO 32000-1 §7.5). Object 1 is the catalog. */
function pdfFile(objects: readonly PdfObject[], trailer = ''): Uint8Array {
  const parts: Uint8Array[] = [bytesOf('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')];
  const offsets: number[] = [];
  const length = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [index, { body }] of objects.entries()) {
    offsets.push(length());
    parts.push(bytesOf(`${index + 1} 0 obj\n`), bytesOf(body), bytesOf('\nendobj\n'));
  }
  const start = length();
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    bytesOf(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`),
    bytesOf(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`),
  );
  return Buffer.concat(parts);
}

function stream(data: Uint8Array, entries = ''): PdfObject {
  const head = `<< /Length ${data.length} ${entries} >>\nstream\n`;
  return { body: Buffer.concat([bytesOf(head), data, bytesOf('\nendstream')]) };
}

const FLATE = '/Filter /FlateDecode';
const escaped = (line: string): string => line.replace(/[\\()]/g, '\\$&');

/** Lines of Helvetica from the top of a page. */
const textOperators = (lines: readonly string[]): string =>
  `BT /F1 12 Tf 14 TL 40 780 Td ${lines.map((line) => `(${escaped(line)}) Tj T*`).join(' ')} ET`;

/** Pages from content streams; all share one font and one image. */
function documentOf(contents: readonly PdfObject[], trailer = '', extra: readonly PdfObject[] = []): Uint8Array {
  const first = 5;
  const kids = contents.map((_, index) => `${first + index * 2} 0 R`).join(' ');
  const objects: PdfObject[] = [
    { body: '<< /Type /Catalog /Pages 2 0 R >>' },
    { body: `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>` },
    { body: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>' },
    stream(
      Buffer.from([0x80]),
      '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8',
    ),
  ];
  for (const [index, content] of contents.entries()) {
    const resources = '<< /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >>';
    objects.push(
      {
        body: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 800] /Resources ${resources} /Contents ${first + index * 2 + 1} 0 R >>`,
      },
      content,
    );
  }
  return pdfFile([...objects, ...extra], trailer);
}

/** A PDF with real text: one array of lines a page. */
export const textPdf = (...pages: readonly (readonly string[])[]): Uint8Array =>
  documentOf(pages.map((lines) => stream(deflateSync(bytesOf(textOperators(lines))), FLATE)));

/** A scan: a page that shows one image and no text. */
export const imagePdf = (): Uint8Array => documentOf([stream(bytesOf('q 500 0 0 500 50 50 cm /Im1 Do Q'))]);

/** Opens only with a password (standard security handler, revision 2); the keys are nobody's. */
export function encryptedPdf(): Uint8Array {
  const key = (fill: string) => `<${fill.repeat(32)}>`;
  return documentOf(
    [stream(bytesOf(textOperators(['Nobody reads this'])))],
    `/Encrypt 7 0 R /ID [${key('01').slice(0, 33)}> ${key('01').slice(0, 33)}>]`,
    [{ body: `<< /Filter /Standard /V 1 /R 2 /O ${key('ab')} /U ${key('cd')} /P -44 >>` }],
  );
}

/** A content stream of a few kilobytes that unpacks to `megabytes`. */
export const bombPdf = (megabytes: number): Uint8Array =>
  documentOf([stream(deflateSync(Buffer.alloc(megabytes * 1_048_576, ' ')), FLATE)]);

/** Small to send, slow to read: one page that says the same line `times` over. */
export const slowPdf = (times: number): Uint8Array =>
  documentOf([stream(deflateSync(bytesOf('BT /F1 12 Tf 1 0 0 1 40 780 Tm (slow) Tj ET '.repeat(times))), FLATE)]);

/** The first part of a good file, as a broken upload leaves it. */
export const truncatedPdf = (): Uint8Array => textPdf(['Cut before it matters']).subarray(0, 60);

export const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');
