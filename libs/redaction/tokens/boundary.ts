import { isAlphanumeric, isWord, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const HYPHEN = unitOf('-');

/** Whether a candidate that begins at `start` is not the end of a longer word. `task-…` is one word, `-key` is none. */
export function beginsAlone(window: Window, start: number): boolean {
  const previous = window.before(start - 1);
  if (isWord(previous)) return false;
  return previous !== HYPHEN || !isAlphanumeric(window.before(start - 2));
}
