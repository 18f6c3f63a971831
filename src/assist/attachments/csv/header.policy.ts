import { oneLine, shorten } from '../../graph/text.policy.js';
import { isMissing, type Numbers, parseNumber } from './number.policy.js';

const NAME_MAX = 64;
const DATE = /^\d{4}-\d{2}-\d{2}([T ].*)?$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/;
const YEAR = /^(?:19|20)\d{2}$/;
/** What column names do not contain: addresses, long numbers. A first row like that is somebody's record. */
const RECORD_LIKE = /@|\d{5,}|^https?:/;

/** A column as the search for names sees it. */
export interface Headed {
  /** The cell of the first row. */
  readonly first: string;
  readonly below: readonly string[];
  /** `below` read as numbers. */
  readonly numbers: Numbers;
}

/**
 * What the first row calls each column; `undefined` when that row is data, and in place of a word that may not be shown. Needs
 * proof, because a row taken for names leaves the file: some column must hold a word in the first row and numbers or dates below it,
 * or several columns the years of a series above numbers that are none. A year alone is a heading too, but proves nothing of the
 * words beside it.
 */
export function namesOf(columns: readonly Headed[]): readonly (string | undefined)[] | undefined {
  const cells = columns.map(({ first }) => first);
  if (cells.every((cell) => cell.trim() === '') || cells.some((cell) => RECORD_LIKE.test(cell))) return undefined;
  const figures = columns.filter(({ first }) => isNumber(first));
  if (!figures.every(isYearOverNumbers)) return undefined;
  if (columns.some(isProof) || isSeries(figures.map(({ first }) => Number(first)))) return cells;
  const [year] = figures;
  if (year === undefined || figures.some(({ below }) => yearsIn(below) > 0)) return undefined;
  return cells.map((cell) => (isNumber(cell) ? cell : undefined));
}

const isNumber = (cell: string): boolean =>
  parseNumber(cell, 'point') !== undefined || parseNumber(cell, 'comma') !== undefined;

const holdsNumbers = ({ numbers }: Headed): boolean => numbers.ok || numbers.reason !== 'words';

function isProof({ first, below, numbers }: Headed): boolean {
  if (isMissing(first) || isNumber(first)) return false;
  if (holdsNumbers({ first, below, numbers })) return true;
  const present = below.filter((cell) => !isMissing(cell));
  return present.length > 0 && !DATE.test(first.trim()) && present.every((cell) => DATE.test(cell.trim()));
}

const yearsIn = (cells: readonly string[]): number => cells.filter((cell) => YEAR.test(cell.trim())).length;

/** A year above numbers most of which are none: above years it would be one of them. */
const isYearOverNumbers = (column: Headed): boolean =>
  YEAR.test(column.first.trim()) && holdsNumbers(column) && yearsIn(column.below) * 2 < column.below.length;

/** Two years in succession, or more at equal distances. */
function isSeries(years: readonly number[]): boolean {
  const steps = new Set(years.slice(1).map((year, index) => year - (years[index] ?? year)));
  const [step = 0] = steps;
  return steps.size === 1 && step !== 0 && (Math.abs(step) === 1 || years.length > 2);
}

/** Columns' names as plain words, each once: the second `a` is `a_2`, and a column without a name is called by its place. */
export function columnNames(names: readonly (string | undefined)[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((cell, index) => {
    const name = once(plainName(cell, index), taken);
    taken.add(name.toLowerCase());
    return name;
  });
}

/** A leading `=`, `+`, `-` or `@` would be a formula in somebody's spreadsheet. */
function plainName(cell: string | undefined, index: number): string {
  const name = shorten(oneLine(cell ?? '').replace(/^[=+\-@\s]+/, ''), NAME_MAX);
  return name === '' ? `column_${index + 1}` : name;
}

function once(name: string, taken: ReadonlySet<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique.toLowerCase()); number++) {
    const ending = `_${number}`;
    unique = `${shorten(name, NAME_MAX - ending.length)}${ending}`;
  }
  return unique;
}
