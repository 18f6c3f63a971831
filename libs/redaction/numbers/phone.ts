import { namedBefore, names } from '../scan/names.js';
import type { Window } from '../scan/window.js';
import { nationalLength } from './calling-codes.js';
import { type NumberGroups, Separator } from './number-groups.js';
import { longestEnd, type NumberRule } from './number-rule.js';

const CODE_PREFIX = 3;
/** Longest and shortest number that a name in front makes a phone number (ITU-T E.164 §6.1; local numbers). */
const MAX_DIGITS = 15;
const MIN_DIGITS = 7;

const NAMES = names(
  'phone phones telephone telefon telefone teléfono telefono téléphone tel mobile mobil mobiltelefon móvil cell cellphone cellular fax ' +
    'whatsapp signal handy portable rufnummer phonenumber mobilenumber telefonnummer handynummer sms msisdn',
);

/**
 * A phone number with `+` or an exit code and a country that has numbers of that length; a North American one in its
 * groups (3-3-4); anything of 7 to 15 digits behind a word such as `phone`. Digits in one run without either stay: they are ids.
 */
export const phone: NumberRule = {
  kind: 'phone',
  end: (numbers, window) => {
    if (numbers.digitsIn(numbers.count) < MIN_DIGITS) return undefined;
    if (numbers.plus) return international(numbers, 0);
    return withExitCode(numbers) ?? northAmerican(numbers) ?? named(numbers, window);
  },
};

function withExitCode(numbers: NumberGroups): number | undefined {
  const exit = exitCodeLength(numbers);
  if (exit === undefined || numbers.followsNumber) return undefined;
  const end = international(numbers, exit);
  return end === numbers.endOf(1) ? undefined : end;
}

/** `00` in most of the world, `011` as a group of its own in North America. */
function exitCodeLength(numbers: NumberGroups): number | undefined {
  if (numbers.value(0, 2) === 0 && numbers.digitsIn(1) > 1) return 2;
  return numbers.digitsIn(1) === 3 && numbers.value(0, 3) === 11 ? 3 : undefined;
}

/** @param skipped digits before the country calling code */
function international(numbers: NumberGroups, skipped: number): number | undefined {
  const national = nationalLength(numbers.value(skipped, CODE_PREFIX));
  if (national === undefined) return undefined;
  const before = skipped + national.codeLength;
  return longestEnd(numbers, (groups) => {
    const length = numbers.digitsIn(groups) - before - (hasTrunkZero(numbers, groups) ? 1 : 0);
    return length >= national.min && length <= national.max;
  });
}

/** `+44 (0)20 …`: the zero that is not dialled from abroad. */
const hasTrunkZero = (numbers: NumberGroups, groups: number): boolean =>
  groups > 1 && numbers.isOpened(2) && numbers.digitsIn(2) - numbers.digitsIn(1) === 1;

/** `415-555-2671`, `(415) 555-2671`, `1-415-555-2671` (North American Numbering Plan). */
function northAmerican(numbers: NumberGroups): number | undefined {
  const country = numbers.shape(4) === 0x1334 && numbers.digits[0] === 1 ? 1 : 0;
  const groups = 3 + country;
  if (country === 0 && numbers.shape(3) !== 0x334) return undefined;
  if (!isAreaCode(numbers.value(country, 3)) || !isExchange(numbers.value(country + 3, 3))) return undefined;
  const last = numbers.separatorBefore(groups);
  const even = numbers.separatorBefore(groups - 1) === last || numbers.isOpened(1 + country);
  return even && last !== Separator.WIDE && numbers.endsAlone(groups) ? numbers.endOf(groups) : undefined;
}

/** `N[0-8]X`, no service code, and round hundreds only where they are in use. */
const isAreaCode = (area: number): boolean =>
  area >= 200 &&
  Math.floor(area / 10) % 10 !== 9 &&
  area % 100 !== 11 &&
  (area % 100 !== 0 || [500, 700, 800, 900].includes(area));

const isExchange = (exchange: number): boolean => exchange >= 200 && exchange % 100 !== 11;

function named(numbers: NumberGroups, window: Window): number | undefined {
  if (!namedBefore(window, numbers.start, NAMES)) return undefined;
  return longestEnd(numbers, (groups) => {
    const length = numbers.digitsIn(groups);
    return length >= MIN_DIGITS && length <= MAX_DIGITS && !isDate(numbers);
  });
}

const isDate = (numbers: NumberGroups): boolean => numbers.shape(3) === 0x422 || numbers.shape(3) === 0x224;

/** National forms with a trunk zero (`030 123456`, `0171/1234567`, `06 12 34 56 78`): other numbers look like them. */
export const nationalPhone: NumberRule = {
  kind: 'phone',
  end: (numbers) => {
    if (numbers.plus || numbers.digits[0] !== 0 || numbers.digits[1] === 0 || numbers.followsNumber) return undefined;
    return longestEnd(numbers, (groups) => isNational(numbers, groups));
  },
};

const MIN_NATIONAL = 9;
const MAX_NATIONAL = 12;
const MAX_NATIONAL_GROUPS = 5;
const PAIRS = 0x22222;

function isNational(numbers: NumberGroups, groups: number): boolean {
  const length = numbers.digitsIn(groups);
  if (groups < 2 || groups > MAX_NATIONAL_GROUPS || length < MIN_NATIONAL || length > MAX_NATIONAL) return false;
  const prefix = numbers.digitsIn(1);
  return numbers.shape(5) === PAIRS || (prefix >= 3 && prefix <= 5);
}
