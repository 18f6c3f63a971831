import { type NumberGroups, Separator } from '../numbers/number-groups.js';
import type { NumberRule } from '../numbers/number-rule.js';
import { namedBefore, names } from '../scan/names.js';
import { isDigit, isForeignLetter, isLetter, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const NAMES = names(
  'born dob birth birthday birthdate dateofbirth geboren geb geburtsdatum geburtstag né née naissance nacido nacida nacimiento nato nata',
);
const MONTHS =
  'january february march april may june july august september october november december jan feb mar apr jun jul aug sep oct nov dec';
/** `born on May 12, 1980`: the month stands between the word and the number. */
const FILLERS = names(`is was am on the of date day le el il den ${MONTHS}`);

/** Year first or last, with one digit or two for the rest. */
const SHAPES = new Set([0x422, 0x224, 0x124, 0x214, 0x114, 0x222]);
const MAX_DAY = 31;
const MAX_MONTH_NAME = 12;
const YEAR = 4;
const isGap = unitSet(' .,');
const MAX_GAP = 2;

/** A date behind a word such as `born`: `1980-05-12`, `12.05.1980`, `12 May 1980`, `May 12, 1980` (there the month stays). */
export const birthDate: NumberRule = {
  kind: 'date_of_birth',
  end: (numbers, window) => {
    const end = numericEnd(numbers) ?? writtenEnd(numbers, window);
    return end !== undefined && namedBefore(window, numbers.start, NAMES, FILLERS) ? end : undefined;
  },
};

function numericEnd(numbers: NumberGroups): number | undefined {
  if (!SHAPES.has(numbers.shape(3) ?? 0)) return undefined;
  const { HYPHEN, DOT, SLASH } = Separator;
  const even = [HYPHEN, DOT, SLASH].some((separator) => numbers.separatedBy(separator, 3));
  return even && numbers.endsAlone(3) ? numbers.endOf(3) : undefined;
}

/** A day, perhaps a month in letters, and a year of four digits. */
function writtenEnd(numbers: NumberGroups, window: Window): number | undefined {
  const size = numbers.digitsIn(1);
  if (size > 2 || numbers.value(0, size) > MAX_DAY) return undefined;
  const month = skip(window, numbers.endOf(1), isGap, MAX_GAP);
  const monthEnd = skip(window, month, isMonthUnit, MAX_MONTH_NAME);
  const year = skip(window, monthEnd, isGap, MAX_GAP);
  const end = skip(window, year, isDigit, YEAR + 1);
  return end - year === YEAR && year > numbers.endOf(1) ? end : undefined;
}

const isMonthUnit = (unit: number): boolean => isLetter(unit) || isForeignLetter(unit);

function skip(window: Window, from: number, belongs: (unit: number) => boolean, most: number): number {
  let at = from;
  while (at - from < most && belongs(window.at(at))) at += 1;
  return at;
}
