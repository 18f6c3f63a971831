import { columnName, isHeader } from './header.policy.js';
import { decimalOf, isMissing, parseNumber } from './number.policy.js';
import { describe, type Statistics } from './statistics.policy.js';

/** A table by columns, first row included. */
export interface CsvTable {
  readonly delimiter: string;
  readonly columns: readonly (readonly string[])[];
  /** Rows that were looked at. */
  readonly rows: number;
  /** Rows with more or fewer fields than the first. */
  readonly ragged: number;
  readonly rowsLeftOut: number;
  readonly columnsLeftOut: number;
}

/** Figures that a policy of redaction takes out are missing. */
export type CsvColumn =
  | ({ readonly name: string; readonly type: 'number'; readonly count: number } & Partial<Statistics>)
  | { readonly name: string; readonly type: 'text'; readonly count: number; readonly distinct: number };

export interface CsvSummary {
  /** Rows of data. */
  readonly rows: number;
  readonly columns: readonly CsvColumn[];
  /** All that anybody sees of the file: names of columns and figures about them. */
  readonly text: string;
}

/** What may be known of a table outside: no cell of it, but for the smallest and largest numbers. */
export function summarise({ delimiter, columns, rows, rowsLeftOut, columnsLeftOut }: CsvTable): CsvSummary {
  const first = columns.map(([cell = '']) => cell);
  const below = columns.map(([, ...cells]) => cells);
  const named = isHeader(first, below, delimiter);
  const described = (named ? below : columns).map((cells, index) =>
    describeColumn(columnName(named ? first[index] : undefined, index), cells, delimiter),
  );
  const count = named ? rows - 1 : rows;
  const more = [
    ...(rowsLeftOut > 0 ? [`${rowsLeftOut} more rows were not counted.`] : []),
    ...(columnsLeftOut > 0 ? [`${columnsLeftOut} more columns were not counted.`] : []),
    ...(named ? [] : ['The first row holds no column names.']),
  ];
  const text = [`Table of ${count} rows and ${columns.length} columns.`, ...more, ...described.map(sentence)].join(
    '\n',
  );
  return { rows: count, columns: described, text };
}

function describeColumn(name: string, cells: readonly string[], delimiter: string): CsvColumn {
  const decimal = decimalOf(cells, delimiter);
  const numbers = decimal === undefined ? [] : cells.flatMap((cell) => parseNumber(cell, decimal) ?? []);
  const statistics = describe(numbers);
  if (statistics !== undefined) return { name, type: 'number', ...statistics };
  const present = cells.filter((cell) => !isMissing(cell));
  return { name, type: 'text', count: present.length, distinct: new Set(present).size };
}

function sentence(column: CsvColumn): string {
  if (column.type === 'text') return `${column.name}: ${column.count} texts, ${column.distinct} different.`;
  const { name, count, mean, median, p50, p90, p95, p99, min, max } = column;
  return `${name}: count ${count}, mean ${mean}, median ${median}, p50 ${p50}, p90 ${p90}, p95 ${p95}, p99 ${p99}, min ${min}, max ${max}.`;
}
