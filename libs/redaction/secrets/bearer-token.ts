import type { Detector } from '../scan/detector.js';
import { isAlphanumeric, isDigit, isSpace, isUpper, isWord, lowered, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { runTail } from './run-tail.js';

const SCHEME = 'bearer';
/** Fewer characters are rather a word: `bearer authentication`. */
const MIN_TOKEN = 16;
/** Within so many characters a token shows that it is random. */
const TELLING = 40;
/** RFC 6750 §2.1 */
const isTokenUnit = unitSet('-_~+/=', isAlphanumeric);
const isJoint = unitSet('.');
const tail = runTail(isTokenUnit, isJoint);

/** The token behind `Bearer `; the scheme stays. */
export const bearerToken: Detector = {
  triggers: 'Bb',
  next: 'eE',
  detect: (window, at) => {
    const space = at + SCHEME.length;
    if (!isScheme(window, at) || isWord(window.before(at - 1)) || !isSpace(window.at(space))) return undefined;
    const start = space + 1;
    const end = endOfToken(window, start);
    return end === undefined ? undefined : { kind: 'bearer_token', start, end, tail };
  },
};

function isScheme(window: Window, at: number): boolean {
  for (let offset = 1; offset < SCHEME.length; offset += 1)
    if (lowered(window.at(at + offset)) !== SCHEME.charCodeAt(offset)) return false;
  return true;
}

/** Certain once the token is long enough and has a digit, or a capital letter behind its first character. */
function endOfToken(window: Window, start: number): number | undefined {
  let [end, random] = [start, false];
  while (end - start < TELLING && !(random && end - start >= MIN_TOKEN)) {
    const unit = window.at(end);
    if (isJoint(unit) ? !isTokenUnit(window.at(end + 1)) : !isTokenUnit(unit)) return undefined;
    random ||= isDigit(unit) || (isUpper(unit) && end > start);
    end += 1;
  }
  return random ? end : undefined;
}
