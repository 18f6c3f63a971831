import { AppError } from '#src/kernel/index.js';
import type { TrafficRedactor } from '#src/models/index.js';
import type { CsvColumn, CsvSummary } from './attachments/csv/summary.policy.js';
import type { ReadDocument, Reading } from './attachments/reading.js';
import { constraintSentences } from './constraints.policy.js';
import type { DraftGraphRequest } from './draft-request.schema.js';

/** The words that a draft is made from: what a model is asked about, and what quotes are looked up in. */
export interface DraftWords {
  readonly request: DraftGraphRequest;
  readonly reading: Reading;
}

/**
 * The same words redacted. A document stays as long as it was said to be; its name, its columns and the names of flags
 * are words too.
 *
 * @throws {AppError} `BAD_INPUT` when the id of an attachment would have to be redacted: answers refer to it
 */
export async function redactWords({ request, reading }: DraftWords, redactor: TrafficRedactor): Promise<DraftWords> {
  const { attachments = [], constraints, flags } = request;
  for (const [index, { id }] of attachments.entries()) if ((await redactor.text(id)) !== id) throw unusableId(index);
  const sentences = await Array.fromAsync(constraintSentences(constraints), (line) => redactor.text(line));
  return {
    request: {
      ...request,
      brief: await redactor.text(request.brief),
      ...(constraints === undefined ? {} : { constraints: sentences }),
      ...(flags === undefined ? {} : { flags: (await redactor.value(flags)) as typeof flags }),
    },
    reading: {
      issues: reading.issues,
      documents: await Array.fromAsync(reading.documents, (document) => redactDocument(document, redactor)),
    },
  };
}

async function redactDocument(document: ReadDocument, redactor: TrafficRedactor): Promise<ReadDocument> {
  const { name, csv, pageStarts } = document;
  const table = csv === undefined ? undefined : await redactTable(csv, redactor);
  const text = hide(document.text, table?.hidden ?? []);
  const pages = pageStarts.filter((start) => start <= text.length);
  const before = await Array.fromAsync(pages, (start) => redactor.text(text.slice(0, start)));
  return {
    ...document,
    name: await redactor.text(name),
    text: await redactor.text(text),
    // A find that goes on over the end of a page moves the next one by its own length at most.
    pageStarts: before.map(({ length }) => length),
    csv: table?.summary,
  };
}

/** A figure of a table that is more than a figure, and what stands for it. */
type Hidden = readonly [figure: string, placeholder: string];

const hide = (text: string, hidden: readonly Hidden[]): string =>
  hidden.reduce((shown, [figure, placeholder]) => shown.replaceAll(figure, placeholder), text);

async function redactTable({ rows, columns, text }: CsvSummary, redactor: TrafficRedactor) {
  const redacted = await Array.fromAsync(columns, (column) => redactColumn(column, redactor));
  const hidden = redacted.flatMap((each) => each.hidden);
  const summary = {
    rows,
    columns: redacted.map(({ column }) => column),
    text: await redactor.text(hide(text, hidden)),
  };
  return { summary, hidden };
}

/** A column of card numbers has one as its smallest: its figures are read behind its name, as a reader would. */
async function redactColumn(column: CsvColumn, redactor: TrafficRedactor) {
  const name = await redactor.text(column.name);
  if (column.type === 'text') return { column: { ...column, name }, hidden: [] };
  const { name: asked, type, count, ...statistics } = column;
  const figures = Object.entries(statistics);
  const read = await redactor.value({ [asked]: figures.map(([, figure]) => figure) });
  const [looked = []] = Object.values(read as Record<string, readonly unknown[]>);
  const shown = figures.filter(([, figure], index) => looked[index] === figure);
  const hidden = figures.flatMap(([, figure], index): Hidden[] =>
    looked[index] === figure ? [] : [[String(figure), String(looked[index])]],
  );
  return { column: { name, type, count, ...Object.fromEntries(shown) }, hidden };
}

const unusableId = (index: number): AppError => {
  const message = 'Holds what the policy of your tenant redacts';
  return new AppError('BAD_INPUT', 'An attachment cannot be called so', {
    errors: [{ path: `attachments.${index}.id`, code: 'redacted', message }],
  });
};
