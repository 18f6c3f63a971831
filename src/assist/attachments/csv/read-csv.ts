import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { layoutOf } from './delimiter.policy.js';
import type { CsvTable } from './summary.policy.js';

const MAX_ROWS = 100_000;
const MAX_COLUMNS = 100;
const MAX_RECORD_UNITS = 262_144;
/** Parsed without a pause, about a millisecond's work. */
const CHUNK_BYTES = 32_768;

/**
 * Reads a table, chunk by chunk, so that a large file does not hold up others.
 *
 * @returns `undefined` when the text is no table: a quote that never closes, a record beyond 256 KiB
 */
export async function readCsv(text: string, signal: AbortSignal): Promise<CsvTable | undefined> {
  const { delimiter, start } = layoutOf(text);
  const table = new TableBuilder();
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_UNITS,
    on_record: (record: string[]) => table.add(record),
  }).resume();
  try {
    await pipeline(Readable.from(chunks(text.slice(start))), parser, { signal });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
  return table.rows === 0 ? undefined : { delimiter, ...table.result() };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
    await nextTurn();
  }
}

class TableBuilder {
  rows = 0;
  private readonly columns: string[][] = [];
  private width = 0;
  private ragged = 0;
  private rowsLeftOut = 0;

  /** Keeps a record; nothing is passed on in the stream. */
  add(record: readonly string[]): undefined {
    if (this.rows === 0) this.begin(record.length);
    if (record.length !== this.width) this.ragged += 1;
    if (this.rows >= MAX_ROWS) {
      this.rowsLeftOut += 1;
      return;
    }
    this.rows += 1;
    for (const [index, column] of this.columns.entries()) column.push(record[index] ?? '');
  }

  result(): Omit<CsvTable, 'delimiter'> {
    const { columns, rows, ragged, rowsLeftOut } = this;
    return { columns, rows, ragged, rowsLeftOut, columnsLeftOut: Math.max(0, this.width - columns.length) };
  }

  private begin(width: number): void {
    this.width = width;
    for (let index = 0; index < Math.min(width, MAX_COLUMNS); index++) this.columns.push([]);
  }
}
