import { type Detector, DIGITS } from '../scan/detector.js';
import { isAlphanumeric, isDigit, isLetter, isWord, lowered, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';

/** Whole length by country (SWIFT IBAN Registry, release 99). */
const LENGTHS = new Map(
  (
    'ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 bi27 br29 by28 ch21 cr22 cy28 cz24 de22 dj27 dk18 do28 ee20 eg29 es24 fi18 fk18 fo18 ' +
    'fr27 gb22 ge22 gi23 gl18 gr27 gt28 hn28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 ' +
    'md24 me22 mk19 mn20 mr27 mt31 mu30 ni28 nl18 no15 om23 pk24 pl28 ps29 pt25 qa29 ro24 rs22 ru33 sa24 sc31 sd18 se24 si19 sk24 sm27 ' +
    'so23 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20 ye30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);
const COUNTRY = 2;
const HEAD = 4;
const MODULUS = 97;
const LETTER_BASE = 10;
const [SPACE, SMALL_A, ZERO] = [unitOf(' '), unitOf('a'), unitOf('0')] as const;

/** An IBAN of its country's length with right check digits (ISO 13616, ISO/IEC 7064 MOD 97-10), in one run or with single spaces. */
export const iban: Detector = {
  triggers: DIGITS,
  detect: (window, at) => {
    const start = at - COUNTRY;
    if (!isLetter(window.before(at - 1)) || !isLetter(window.before(start)) || isWord(window.before(start - 1)))
      return undefined;
    const length = LENGTHS.get(window.slice(start, at).toLowerCase());
    if (length === undefined || !isDigit(window.at(at + 1))) return undefined;
    const end = checkedEnd(window, start, length);
    return end === undefined ? undefined : { kind: 'iban', start, end };
  },
};

function checkedEnd(window: Window, start: number, length: number): number | undefined {
  const values: number[] = [];
  let at = start;
  while (values.length < length) {
    const unit = window.at(at);
    if (isAlphanumeric(unit)) values.push(characterValue(unit));
    else if (unit !== SPACE || !isAlphanumeric(window.at(at + 1))) return undefined;
    at += 1;
  }
  return !isWord(window.at(at)) && remainder(values) === 1 ? at : undefined;
}

const characterValue = (unit: number): number => (isDigit(unit) ? unit - ZERO : lowered(unit) - SMALL_A + LETTER_BASE);

/** Of the number that the characters stand for, the first four moved to the end. */
function remainder(values: readonly number[]): number {
  let rest = 0;
  for (const value of [...values.slice(HEAD), ...values.slice(0, HEAD)])
    rest = (rest * (value < LETTER_BASE ? 10 : 100) + value) % MODULUS;
  return rest;
}
