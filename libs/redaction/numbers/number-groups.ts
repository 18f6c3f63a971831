import { isAlphanumeric, isDigit, isWord, unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';

/** As many as the longest of what is looked for: `00 33 6 12 34 56 78`. */
const MAX_GROUPS = 8;
const MAX_DIGITS = 32;
/** `) - ` */
const MAX_SEPARATOR = 3;
/** More groups of one digit each are a list, unless they are an IP address. */
const MAX_SINGLES = 3;
const SHAPE_BASE = 16;
const ZERO = unitOf('0');
const [PLUS, DOT, HYPHEN, SLASH] = [unitOf('+'), unitOf('.'), unitOf('-'), unitOf('/')] as const;
const [COMMA, COLON, AT] = [unitOf(','), unitOf(':'), unitOf('@')] as const;
const [OPEN, CLOSE] = [unitOf('('), unitOf(')')] as const;
/** Neither tabs nor line ends: numbers in two columns or lines are two numbers. */
const isBlank = unitSet(' \u00a0\u202f\u2007\u2009');
const isHyphen = unitSet('-\u2010\u2011\u2013');
const isCurrency = unitSet('$€£¥');
const isSeparator = unitSet(' \u00a0\u202f\u2007\u2009-\u2010\u2011\u2013./()');

/** How two groups are held together; `WIDE` is more than one character, or a parenthesis. */
export const Separator = { NONE: 0, SPACE: 1, HYPHEN: 2, DOT: 3, SLASH: 4, WIDE: 5 } as const;
export type Separator = (typeof Separator)[keyof typeof Separator];

/** Digits in groups, as people write numbers. Read once at a place, then asked by everybody who knows a kind of number. */
export class NumberGroups {
  /** The values of all digits in a row. */
  readonly digits = new Uint8Array(MAX_DIGITS);
  start = 0;
  plus = false;
  /** Whether it begins with a parenthesis. */
  enclosed = false;
  /** Number of groups; a run that is too long is none. */
  count = 0;
  private readonly ends = new Int32Array(MAX_GROUPS + 1);
  private readonly sums = new Uint8Array(MAX_GROUPS + 1);
  private readonly shapes = new Float64Array(MAX_GROUPS + 1);
  private readonly separators = new Uint8Array(MAX_GROUPS + 1);
  private readonly opened = new Uint8Array(MAX_GROUPS + 1);
  private window: Window | undefined;

  /** Reads the number whose first character is at `at`; `false` when none begins there, or what stands before makes it a part of something longer. */
  read(window: Window, at: number): boolean {
    const first = window.at(at);
    const from = firstDigit(window, at, first);
    if (!isDigit(window.at(from)) || isGlued(window, at)) return false;
    this.window = window;
    this.start = at;
    this.plus = first === PLUS;
    this.enclosed = first === OPEN;
    this.count = 0;
    this.readGroups(window, from);
    return this.count > 0 && (!this.enclosed || window.at(this.endOf(1)) === CLOSE);
  }

  /** Whether it may be the rest of a longer number in groups. */
  get followsNumber(): boolean {
    const { start, window } = this;
    return window !== undefined && isBlank(window.before(start - 1)) && isDigit(window.before(start - 2));
  }

  /** Number of digits in the first groups. */
  digitsIn(groups: number): number {
    return this.sums[groups] ?? 0;
  }

  /** Sizes of the first groups, one hexadecimal digit each: `0x324` for `123-45-6789`; `undefined` when there are fewer. */
  shape(groups: number): number | undefined {
    return groups <= this.count ? this.shapes[groups] : undefined;
  }

  endOf(groups: number): number {
    return this.ends[groups] ?? this.start;
  }

  /** What stands before a group, counted from 1. */
  separatorBefore(group: number): number {
    return this.separators[group] ?? Separator.NONE;
  }

  /** Whether a group stands behind an opening parenthesis. */
  isOpened(group: number): boolean {
    return this.opened[group] === 1;
  }

  /** Whether the same separator stands between all of the first groups. */
  separatedBy(separator: Separator, groups: number): boolean {
    for (let group = 2; group <= groups; group += 1) if (this.separators[group] !== separator) return false;
    return true;
  }

  /** The value of `length` digits from the place `from`. */
  value(from: number, length: number): number {
    let value = 0;
    for (let place = from; place < from + length; place += 1) value = value * 10 + (this.digits[place] ?? 0);
    return value;
  }

  /** Whether the number may end behind these groups: what follows does not make it a part of something longer. */
  endsAlone(groups: number): boolean {
    const end = this.endOf(groups);
    const next = this.unit(end);
    if (isWord(next) || next === AT) return false;
    if (next === HYPHEN) return !isAlphanumeric(this.unit(end + 1));
    return next !== DOT || !isDigit(this.unit(end + 1));
  }

  private unit(index: number): number {
    return this.window?.at(index) ?? -1;
  }

  private readGroups(window: Window, first: number): void {
    let from = first;
    let separator: Separator = Separator.NONE;
    while (this.count < MAX_GROUPS) {
      const end = this.readGroup(window, from, separator);
      if (end === undefined) return;
      from = nextGroup(window, end);
      if (from === end) return;
      separator = separatorOf(window, end, from);
      if (this.count === MAX_SINGLES && this.sums[MAX_SINGLES] === MAX_SINGLES && separator !== Separator.DOT) return;
    }
  }

  private readGroup(window: Window, from: number, separator: Separator): number | undefined {
    const before = this.count === 0 ? 0 : this.digitsIn(this.count);
    let end = from;
    for (let unit = window.at(end); isDigit(unit); unit = window.at(end)) {
      const place = before + end - from;
      if (place === MAX_DIGITS) return undefined;
      this.digits[place] = unit - ZERO;
      end += 1;
    }
    const group = this.count + 1;
    this.ends[group] = end;
    this.sums[group] = before + end - from;
    this.shapes[group] =
      (this.count === 0 ? 0 : (this.shapes[this.count] ?? 0)) * SHAPE_BASE + Math.min(end - from, SHAPE_BASE - 1);
    this.separators[group] = separator;
    this.opened[group] = window.before(from - 1) === OPEN ? 1 : 0;
    this.count = group;
    return end;
  }
}

/** The first digit behind `+`, `(` or `+(`. */
function firstDigit(window: Window, at: number, first: number): number {
  if (isDigit(first)) return at;
  return first === PLUS && window.at(at + 1) === OPEN ? at + 2 : at + 1;
}

/** Whether a number at `at` would be the end of something longer: a word, a path, a decimal, an amount. */
function isGlued(window: Window, at: number): boolean {
  const previous = window.before(at - 1);
  if (isWord(previous) || previous === PLUS || isCurrency(previous)) return true;
  if (previous === HYPHEN || previous === SLASH || previous === DOT) return isAlphanumeric(window.before(at - 2));
  return (previous === COMMA || previous === COLON) && isDigit(window.before(at - 2));
}

/** Where the next group begins; `end` when what follows separates no groups. */
function nextGroup(window: Window, end: number): number {
  for (let length = 0; length <= MAX_SEPARATOR; length += 1) {
    const unit = window.at(end + length);
    if (isDigit(unit)) return end + length;
    if (!isSeparator(unit)) return end;
  }
  return end;
}

function separatorOf(window: Window, end: number, next: number): Separator {
  if (next - end !== 1) return Separator.WIDE;
  const unit = window.at(end);
  if (unit === DOT) return Separator.DOT;
  if (unit === SLASH) return Separator.SLASH;
  if (isHyphen(unit)) return Separator.HYPHEN;
  return isBlank(unit) ? Separator.SPACE : Separator.WIDE;
}
