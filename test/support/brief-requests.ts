import type { CorpusBrief } from './briefs/corpus.ts';
import { base64, textPdf } from './documents.ts';

/** A brief of the corpus as a caller sends it, and what its answer may quote. */
export interface BriefRequest {
  readonly payload: {
    readonly brief: string;
    readonly constraints: readonly string[];
    readonly attachments: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
    readonly attachment_payloads: Readonly<Record<string, unknown>>;
  };
  /** Text by source, but for tables: of those only the summary may be quoted, which the answer shows. */
  readonly texts: ReadonlyMap<string, string>;
  /** By PDF: where each page begins in its text, code points. */
  readonly pages: ReadonlyMap<string, readonly number[]>;
}

/** A value that stands in a row of the table and must not leave. */
export const PRIVATE_CELL = 'Mrs. Kowalczyk, bed 7';

/** The corpus holds tables as figures only; this one has rows: a header and one a day. */
export const TABLE = {
  waits: [52, 47, 61, 39, 96, 58, 44],
  text: 'weekday,wait_minutes,remark\n',
};

const table = (): string =>
  TABLE.text + TABLE.waits.map((wait, day) => `day ${day + 1},${wait},"${PRIVATE_CELL}"\n`).join('');

/** The one text document that is sent as a PDF: each line of it a page. */
const AS_PDF = 'grid';

interface Sent {
  readonly kind: string;
  readonly payload: unknown;
  readonly text?: string;
  readonly pages?: readonly number[];
}

function send({ id, kind, text }: CorpusBrief['documents'][number]): Sent {
  if (kind === 'csv') return { kind, payload: { data: table(), encoding: 'utf8' } };
  if (id !== AS_PDF) return { kind, payload: base64(text), text };
  const lines = text.split('\n').filter((line) => line !== '');
  const pages = lines.map((_, page) => Array.from(lines.slice(0, page).join('\n')).length + Math.min(page, 1));
  return { kind: 'pdf', payload: base64(textPdf(...lines.map((line) => [line]))), text: lines.join('\n'), pages };
}

export function requestOf({ brief, documents, constraints }: CorpusBrief): BriefRequest {
  const sent = documents.map((document) => ({ ...document, ...send(document) }));
  const texts = sent.flatMap(({ id, kind, text }) => (kind === 'csv' ? [] : [[id, text] as const]));
  return {
    payload: {
      brief,
      constraints,
      attachments: sent.map(({ id, kind, name }) => ({ id, kind, name })),
      attachment_payloads: Object.fromEntries(sent.map(({ id, payload }) => [id, payload])),
    },
    texts: new Map([['brief', brief], ...texts]),
    pages: new Map(sent.flatMap(({ id, pages }) => (pages === undefined ? [] : [[id, pages]]))),
  };
}
