import { oneLine, shorten } from '../../graph/text.policy.js';
import { decimalOf, isMissing, parseNumber } from './number.policy.js';

const NAME_MAX = 64;
const DATE = /^\d{4}-\d{2}-\d{2}([T ].*)?$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/;
/** What column names do not contain: addresses, long numbers. A first row like that is somebody's record. */
const RECORD_LIKE = /@|\d{5,}|^https?:/;

/**
 * Whether the first row names the columns. Needs proof, because a row taken for names would leave the file:
 * some column must hold a word in the first row and numbers or dates below it.
 *
 * @param columns cells below the first row
 */
export function isHeader(
  first: readonly string[],
  columns: readonly (readonly string[])[],
  delimiter: string,
): boolean {
  const names = first.map((cell) => cell.trim().toLowerCase()).filter((name) => name !== '');
  if (names.length === 0 || new Set(names).size < names.length) return false;
  if (first.some((cell) => cell.length > NAME_MAX || RECORD_LIKE.test(cell) || isNumber(cell))) return false;
  return first.some(
    (cell, index) => !isMissing(cell) && !DATE.test(cell.trim()) && isTyped(columns[index] ?? [], delimiter),
  );
}

const isNumber = (cell: string): boolean =>
  parseNumber(cell, 'point') !== undefined || parseNumber(cell, 'comma') !== undefined;

function isTyped(cells: readonly string[], delimiter: string): boolean {
  const present = cells.filter((cell) => !isMissing(cell));
  if (present.length === 0) return false;
  return decimalOf(present, delimiter) !== undefined || present.every((cell) => DATE.test(cell.trim()));
}

/** A column's name as plain words: a leading `=`, `+`, `-` or `@` would be a formula in somebody's spreadsheet. */
export function columnName(cell: string | undefined, index: number): string {
  const name = shorten(oneLine(cell ?? '').replace(/^[=+\-@\s]+/, ''), NAME_MAX);
  return name === '' ? `column_${index + 1}` : name;
}
