import { type NumberGroups, Separator } from './number-groups.js';
import { longestEnd, type NumberRule } from './number-rule.js';

interface Issuer {
  readonly prefixLength: number;
  /** First and last prefix. */
  readonly from: number;
  readonly to: number;
  readonly min: number;
  readonly max: number;
}

/** `prefix[-prefix] length[-length]`: ranges in use (ISO/IEC 7812; the networks' published ranges). Visa's old 13 digits are left out: today they are EANs. */
const RANGES =
  '4 16|4 19|51-55 16|2221-2720 16|34 15|37 15|36 14-19|38-39 14-19|300-305 14-19|3528-3589 16-19|6011 16-19|644-649 16-19|65 16-19' +
  '|62 16-19|2200-2204 16-19|5018 12-19|5020 12-19|5038 12-19|5893 12-19|6304 12-19|6759 12-19|6761-6763 12-19';

const ISSUERS: readonly Issuer[] = RANGES.split('|').map((range) => {
  const [prefix = '', length = ''] = range.split(' ');
  const [from = '', to = from] = prefix.split('-');
  const [min, max = min] = length.split('-');
  return { prefixLength: from.length, from: Number(from), to: Number(to), min: Number(min), max: Number(max) };
});

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** How cards are printed. Anything else in groups is not a card. */
const PRINTED = new Set([0x4444, 0x465, 0x464, 0x44443]);

/** A payment card number: printed in its groups or in one run, of a known issuer, with a right check digit (Luhn). */
export const creditCard: NumberRule = {
  kind: 'credit_card',
  end: (numbers) => {
    if (numbers.digitsIn(numbers.count) < MIN_DIGITS) return undefined;
    return longestEnd(numbers, (groups) => isCard(numbers, groups));
  },
};

function isCard(numbers: NumberGroups, groups: number): boolean {
  const length = numbers.digitsIn(groups);
  if (length < MIN_DIGITS || length > MAX_DIGITS || !isPrinted(numbers, groups)) return false;
  return passesLuhn(numbers, length) && isIssued(numbers, length);
}

function isPrinted(numbers: NumberGroups, groups: number): boolean {
  if (groups === 1) return true;
  const { SPACE, HYPHEN, DOT } = Separator;
  return (
    PRINTED.has(numbers.shape(groups) ?? 0) && [SPACE, HYPHEN, DOT].some((each) => numbers.separatedBy(each, groups))
  );
}

const isIssued = (numbers: NumberGroups, length: number): boolean =>
  ISSUERS.some(({ prefixLength, from, to, min, max }) => {
    const prefix = numbers.value(0, prefixLength);
    return prefix >= from && prefix <= to && length >= min && length <= max;
  });

/** ISO/IEC 7812-1, annex B. */
function passesLuhn({ digits }: NumberGroups, length: number): boolean {
  let sum = 0;
  for (let place = 0; place < length; place += 1) {
    const digit = digits[length - 1 - place] ?? 0;
    const weighted = place % 2 === 0 ? digit : 2 * digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
