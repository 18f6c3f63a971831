/** `1,234.5` or `1.234,5`. */
export type Decimal = 'point' | 'comma';

const POINT = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
const COMMA = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** One comma before three digits: a thousand here, a decimal there. */
const AMBIGUOUS = /^[+-]?\d{1,3},\d{3}$/;
const MISSING = new Set(['', '-', 'n/a', 'na', 'nan', 'null', 'none', '#n/a']);

export const isMissing = (cell: string): boolean => MISSING.has(cell.trim().toLowerCase());

/** The number a cell holds; `undefined` when it is not one, or not finite. */
export function parseNumber(cell: string, decimal: Decimal): number | undefined {
  const text = cell.trim();
  if (!/\d/.test(text) || !(decimal === 'point' ? POINT : COMMA).test(text)) return undefined;
  const plain = decimal === 'point' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.');
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * How a column writes its numbers; `undefined` when it is text. At least nine in ten cells must be numbers.
 * A column whose commas could mean either is text, except in a comma-separated file, where they are thousands.
 */
export function decimalOf(cells: readonly string[], delimiter: string): Decimal | undefined {
  const present = cells.filter((cell) => !isMissing(cell));
  const share = (decimal: Decimal) =>
    present.filter((cell) => parseNumber(cell, decimal) !== undefined).length / Math.max(1, present.length);
  const point = share('point');
  const comma = share('comma');
  if (Math.max(point, comma) < 0.9) return undefined;
  if (point !== comma) return point > comma ? 'point' : 'comma';
  return delimiter !== ',' && present.some((cell) => AMBIGUOUS.test(cell.trim())) ? undefined : 'point';
}
