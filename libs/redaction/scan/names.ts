import { isForeignLetter, isLetter, unitSet } from './units.js';
import type { Window } from './window.js';

/** What may stand between a name and its value, and between two words of a name. */
const isGap = unitSet(' \t:="\'#.()-_*');
const MAX_GAP = 6;
const MAX_WORD = 24;
/** Words looked at before a value: `phone number is 555…` has three. */
const MAX_WORDS = 3;

const isNameUnit = (unit: number): boolean => isLetter(unit) || isForeignLetter(unit);

/** A set of lower-case words, from words with blanks between. */
export const names = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const FILLERS = names(
  'number numbers num no nr is are was my our your at on the of me us ist lautet der die nummer numero número numéro',
);

/** Whether the value at `at` stands behind one of these words: `phone: …`, `"ssn": "…`, `tel no. …`, `phone number is …`. */
export function namedBefore(window: Window, at: number, wanted: ReadonlySet<string>, fillers = FILLERS): boolean {
  let end = at;
  for (let words = 0; words < MAX_WORDS; words += 1) {
    end = startOf(window, end, isGap, MAX_GAP);
    const start = startOf(window, end, isNameUnit, MAX_WORD);
    if (start === end || isNameUnit(window.before(start - 1))) return false;
    const word = window.slice(start, end).toLowerCase();
    if (wanted.has(word)) return true;
    if (!fillers.has(word)) return false;
    end = start;
  }
  return false;
}

/** Goes back from `end` over at most `limit` units of a class. */
export function startOf(window: Window, end: number, belongs: (unit: number) => boolean, limit: number): number {
  let start = end;
  while (end - start < limit && belongs(window.before(start - 1))) start -= 1;
  return start;
}
