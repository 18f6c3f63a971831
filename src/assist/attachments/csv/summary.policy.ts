import { columnNames, type Headed, namesOf } from './header.policy.js';
import { isMissing, type Numbers, readNumbers } from './number.policy.js';
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

/** A column, and what is said of it behind its name: the unit of its numbers, or why words that look like numbers have no figures. */
interface Described {
  readonly column: CsvColumn;
  readonly unit: string;
  readonly remark: string;
}

const REMARKS = {
  words: '',
  ambiguous: ' They are numbers that can be read in two ways, so no figures were made of them.',
  mixed_units: ' They are amounts in different units, so no figures were made of them.',
} as const;

const NO_NAMES = 'No column names were recognised: the first row was counted as data.';
const ONLY_YEARS = 'The first row was taken for a heading; of it only years are shown, its words could be a record.';

/** What may be known of a table outside: no cell of it, but for the smallest and largest numbers. */
export function summarise({ delimiter, columns, rows, rowsLeftOut, columnsLeftOut }: CsvTable): CsvSummary {
  const headed = columns.map(
    ([first = '', ...below]): Headed => ({
      first,
      below,
      numbers: readNumbers(below, delimiter),
    }),
  );
  const found = namesOf(headed);
  const names = columnNames(found ?? columns.map(() => undefined));
  const described = headed.map(({ first, below, numbers }, index) => {
    const name = names[index] ?? '';
    if (found !== undefined) return describeColumn(name, below, numbers);
    const cells = [first, ...below];
    return describeColumn(name, cells, readNumbers(cells, delimiter));
  });
  const count = found === undefined ? rows : rows - 1;
  const text = [
    `Table of ${count} rows and ${columns.length} columns.`,
    ...(rowsLeftOut > 0 ? [`${rowsLeftOut} more rows were not counted.`] : []),
    ...(columnsLeftOut > 0 ? [`${columnsLeftOut} more columns were not counted.`] : []),
    ...(found === undefined ? [NO_NAMES] : []),
    ...(found?.some((name, index) => name === undefined && headed[index]?.first.trim() !== '') ? [ONLY_YEARS] : []),
    ...described.map(sentence),
  ].join('\n');
  return { rows: count, columns: described.map(({ column }) => column), text };
}

function describeColumn(name: string, cells: readonly string[], numbers: Numbers): Described {
  const statistics = numbers.ok ? describe(numbers.values) : undefined;
  if (numbers.ok && statistics !== undefined)
    return { column: { name, type: 'number', ...statistics }, unit: numbers.unit, remark: '' };
  const present = cells.filter((cell) => !isMissing(cell));
  const column = { name, type: 'text', count: present.length, distinct: new Set(present).size } as const;
  return { column, unit: '', remark: numbers.ok ? '' : REMARKS[numbers.reason] };
}

function sentence({ column, unit, remark }: Described): string {
  if (column.type === 'text') return `${column.name}: ${column.count} texts, ${column.distinct} different.${remark}`;
  const { count, mean, median, p50, p90, p95, p99, min, max } = column;
  const name = unit === '' || column.name.includes(unit) ? column.name : `${column.name} (${unit})`;
  return `${name}: count ${count}, mean ${mean}, median ${median}, p50 ${p50}, p90 ${p90}, p95 ${p95}, p99 ${p99}, min ${min}, max ${max}.`;
}
