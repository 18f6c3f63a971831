/** `1,234.5` or `1.234,5`. */
export type Decimal = 'point' | 'comma';

/** A cell's digits as written, sign applied later, and the sign of percent or money beside them (`''` without one). */
interface Amount {
  readonly digits: string;
  readonly negative: boolean;
  readonly unit: string;
}

/** What a column holds: numbers of one unit, or no numbers that figures may be made of. */
export type Numbers =
  | { readonly ok: true; readonly values: readonly number[]; readonly unit: string }
  | { readonly ok: false; readonly reason: 'words' | 'ambiguous' | 'mixed_units' };

const SIGN = '[+\\-\\u2212]';
/** Spaces, and the apostrophe of the Swiss. */
const GAP = '[ \\u00a0\\u2009\\u202f]';
const GROUP = "[ \\u00a0\\u2009\\u202f'’]";
const UNIT = '[%‰]|[A-Z]{0,2}\\p{Sc}|[A-Z]{3}|kr|zł|Kč|Ft';
const AMOUNT = new RegExp(
  `^(\\()?(${SIGN})?(${UNIT})?${GAP}?(${SIGN})?((?:\\d|[.,](?=\\d))(?:${GROUP}|[\\d.,])*(?:[eE][+-]?\\d{1,3})?)${GAP}?(${UNIT})?(\\))?$`,
  'u',
);
/** No number is longer, with spaces around it. */
const LONGEST = 400;
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const body = (group: string, decimal: string): RegExp =>
  new RegExp(
    `^(?:[1-9]\\d{0,2}(?:${group}\\d{3})+|[1-9]\\d{0,2}(${GROUP})\\d{3}(?:\\1\\d{3})*|\\d+)?(?:${decimal}\\d+)?(?:[eE][+-]?\\d{1,3})?$`,
  );
const POINT = body(',', '\\.');
const COMMA = body('\\.', ',');
/** One sign before three digits: a thousand here, a decimal there. */
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/;
const MISSING = new Set(['', '-', 'n/a', 'na', 'nan', 'null', 'none', '#n/a']);

export const isMissing = (cell: string): boolean => MISSING.has(cell.trim().toLowerCase());

function amountOf(cell: string): Amount | undefined {
  const match = cell.length > LONGEST || !/\d/.test(cell) ? null : AMOUNT.exec(cell.trim());
  if (match === null) return undefined;
  const [, open, sign, before, inner, digits = '', after, close] = match;
  const twice = (before !== undefined && after !== undefined) || (sign !== undefined && inner !== undefined);
  const unit = before ?? after ?? '';
  if (twice || (open === undefined) !== (close === undefined)) return undefined;
  if (/^[A-Z]{3}$/.test(unit) && !CODES.has(unit)) return undefined;
  const minus = /[-\u2212]/.test(sign ?? inner ?? '');
  return { digits: digits.trim(), negative: minus || open !== undefined, unit };
}

function numberIn({ digits, negative }: Amount, decimal: Decimal): number | undefined {
  if (!(decimal === 'point' ? POINT : COMMA).test(digits)) return undefined;
  const value = Number(/^\d+$/.test(digits) ? digits : plain(digits, decimal));
  if (!Number.isFinite(value)) return undefined;
  return negative && value !== 0 ? -value : value;
}

const plain = (digits: string, decimal: Decimal): string =>
  decimal === 'point' ? digits.replace(/[,\s'’]/g, '') : digits.replace(/[.\s'’]/g, '').replace(',', '.');

/** The number a cell holds, whatever its unit; `undefined` when it is not one, or not finite. */
export function parseNumber(cell: string, decimal: Decimal): number | undefined {
  const amount = amountOf(cell);
  return amount === undefined ? undefined : numberIn(amount, decimal);
}

/**
 * Reads a column as numbers. At least nine in ten cells must be numbers, all of one unit. Where every number could have either sign
 * for its decimals, and so be a thousand times as large, the column has no figures; only plain numbers of a comma-separated file
 * are then read with a decimal point.
 */
export function readNumbers(cells: readonly string[], delimiter: string): Numbers {
  const present = cells.filter((cell) => !isMissing(cell));
  const amounts = present.flatMap((cell) => amountOf(cell) ?? []);
  const point = numbersIn(amounts, 'point');
  const comma = numbersIn(amounts, 'comma');
  const values = comma.length > point.length ? comma : point;
  if (values.length === 0 || values.length < present.length * 0.9) return { ok: false, reason: 'words' };
  if (point.length === comma.length && amounts.some((amount) => isAmbiguous(amount, delimiter)))
    return { ok: false, reason: 'ambiguous' };
  const [unit = '', ...others] = new Set(amounts.map((amount) => amount.unit));
  return others.length > 0 ? { ok: false, reason: 'mixed_units' } : { ok: true, values, unit };
}

const numbersIn = (amounts: readonly Amount[], decimal: Decimal): readonly number[] =>
  amounts.flatMap((amount) => numberIn(amount, decimal) ?? []);

/** In a comma-separated file a comma stands between thousands and a point before decimals, but money seldom has three of those. */
function isAmbiguous({ digits, unit }: Amount, delimiter: string): boolean {
  if (!AMBIGUOUS.test(digits)) return false;
  return delimiter !== ',' || (digits.includes('.') && unit !== '' && !/[%‰]/.test(unit));
}
