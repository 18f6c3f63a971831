/** Classes of UTF-16 code units. A unit that is none (-1, beyond the text) is in no class. */

export const unitOf = (character: string): number => character.charCodeAt(0);

const [ZERO, NINE, UNDERSCORE] = [unitOf('0'), unitOf('9'), unitOf('_')] as const;
const [UPPER_A, UPPER_Z] = [unitOf('A'), unitOf('Z')] as const;
const [LOWER_A, LOWER_F, LOWER_Z] = [unitOf('a'), unitOf('f'), unitOf('z')] as const;
/** Set in lower-case ASCII letters, not in upper-case ones. */
const CASE_BIT = 0x20;
const ASCII_END = 0x80;

export const isDigit = (unit: number): boolean => unit >= ZERO && unit <= NINE;
export const isUpper = (unit: number): boolean => unit >= UPPER_A && unit <= UPPER_Z;
export const isLetter = (unit: number): boolean =>
  (unit | CASE_BIT) >= LOWER_A && (unit | CASE_BIT) <= LOWER_Z && unit > 0;
export const isAlphanumeric = (unit: number): boolean => isDigit(unit) || isLetter(unit);
export const isHex = (unit: number): boolean =>
  isDigit(unit) || ((unit | CASE_BIT) >= LOWER_A && (unit | CASE_BIT) <= LOWER_F && unit > 0);

/**
 * Letters of Latin, Greek and Cyrillic beyond ASCII. Scripts that write no spaces are left out on purpose: a name before
 * an address would be taken for a part of it.
 */
export const isForeignLetter = (unit: number): boolean =>
  unit >= 0xc0 && (unit <= 0x24f ? unit !== 0xd7 && unit !== 0xf7 : unit >= 0x370 && unit <= 0x52f);

/** What glues a candidate to its neighbour: next to one of these it is a part of something longer. */
export const isWord = (unit: number): boolean => isAlphanumeric(unit) || unit === UNDERSCORE || isForeignLetter(unit);

export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Value of an ASCII letter regardless of its case: the lower-case one. */
export const lowered = (unit: number): number => (isUpper(unit) ? unit | CASE_BIT : unit);

/** Whether a unit is in a set. */
export type UnitSet = (unit: number) => boolean;

/** A set of characters, of which the ASCII ones cost one look-up; `base` adds further ASCII ones. */
export function unitSet(characters: string, base: UnitSet = () => false): UnitSet {
  const members = Uint8Array.from({ length: ASCII_END }, (_, unit) => (base(unit) ? 1 : 0));
  const others = new Set([...characters].map(unitOf).filter((unit) => unit >= ASCII_END));
  for (const character of characters) if (unitOf(character) < ASCII_END) members[unitOf(character)] = 1;
  return (unit) => (unit < ASCII_END ? members[unit] === 1 : others.has(unit));
}

export const isSpace = unitSet(' \t\n\r\v\f\u00a0\u202f\u2007\u2009');
