import { isAlphanumeric, isForeignLetter, unitOf, unitSet } from './units.js';

/** Longest local part of an e-mail address (RFC 5321 §4.5.3.1.1), and with it the longest reach of a match behind its trigger. */
export const MAX_REACH = 64;

/** How much decided text is kept to look back at, counted from the first undecided unit; the longest look is {@link MAX_REACH} shorter. */
export const CONTEXT = 256;

/** What a match may begin with before its trigger is seen. */
const RUN = unitSet("._%+'-", isAlphanumeric);

export const isRun = (unit: number): boolean => RUN(unit) || isForeignLetter(unit);

/** What everything before the last match reads as: its placeholder ends so, and nothing reaches over it. */
const BARRIER = unitOf(']');

/**
 * The part of a text that is in memory. Detectors read through it only, and so it knows whether one of them wanted to see
 * what has not come yet: its decision is then not used but taken again with more text. That is why cuts never show.
 */
export class Window {
  private text = '';
  private final = true;
  private floor = 0;
  private wanted = false;

  /** @param final nothing comes behind this text */
  open(text: string, floor: number, final: boolean): void {
    this.text = text;
    this.floor = floor;
    this.final = final;
    this.wanted = false;
  }

  /** The unit at or behind the trigger; -1 behind the end. */
  at(index: number): number {
    if (index < this.text.length) return this.text.charCodeAt(index);
    if (!this.final) this.wanted = true;
    return -1;
  }

  /** The unit before the trigger. */
  before(index: number): number {
    return index < this.floor ? BARRIER : this.text.charCodeAt(index);
  }

  /** Whether somebody read behind the end of a text that goes on. */
  get starved(): boolean {
    return this.wanted;
  }

  /** Nothing before this index can be a part of a match any more. */
  raiseFloor(index: number): void {
    this.floor = index;
  }

  /** Where the earliest match would begin whose trigger is at `index` or later. */
  runStart(index: number): number {
    const least = Math.max(this.floor, index - MAX_REACH);
    let start = index;
    while (start > least && isRun(this.text.charCodeAt(start - 1))) start -= 1;
    return start;
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  /** Whether these characters stand at `index`. */
  has(expected: string, index: number): boolean {
    for (let offset = 0; offset < expected.length; offset += 1)
      if (this.at(index + offset) !== expected.charCodeAt(offset)) return false;
    return true;
  }

  /** Whether these characters end right before `index`. */
  endsWith(expected: string, index: number): boolean {
    const start = index - expected.length;
    for (let offset = expected.length - 1; offset >= 0; offset -= 1)
      if (this.before(start + offset) !== expected.charCodeAt(offset)) return false;
    return true;
  }
}
