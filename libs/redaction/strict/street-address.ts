import { type Detector, DIGITS } from '../scan/detector.js';
import { names } from '../scan/names.js';
import { isDigit, isLetter, isSpace, isUpper, isWord, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const MAX_NUMBER = 6;
const MAX_WORDS = 5;
const MAX_WORD = 20;
const SUFFIXES = names(
  'street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl square sq terrace highway hwy parkway pkwy crescent close',
);
/** `in 2024 The Street …` */
const ARTICLES = names('the a an this that our your');
const [SPACE, DOT, HYPHEN, APOSTROPHE] = [unitOf(' '), unitOf('.'), unitOf('-'), unitOf("'")] as const;

/** A street address in the English order: a number, up to four capitalised words, a word such as `Street`. */
export const streetAddress: Detector = {
  triggers: DIGITS,
  detect: (window, at) => {
    const previous = window.before(at - 1);
    if (isWord(previous) || previous === DOT || previous === HYPHEN) return undefined;
    let end = at;
    while (end - at < MAX_NUMBER && isDigit(window.at(end))) end += 1;
    const street = endOfStreet(window, end);
    return street === undefined ? undefined : { kind: 'street_address', start: at, end: street };
  },
};

function endOfStreet(window: Window, from: number): number | undefined {
  let at = from;
  for (let words = 0; words < MAX_WORDS; words += 1) {
    if (window.at(at) !== SPACE || !isUpper(window.at(at + 1))) return undefined;
    const start = at + 1;
    at = endOfWord(window, start);
    if (isWord(window.at(at))) return undefined;
    const word = window.slice(start, at).toLowerCase();
    if (words === 0 && ARTICLES.has(word)) return undefined;
    if (words > 0 && SUFFIXES.has(word)) return at;
    if (window.at(at) === DOT && isSpace(window.at(at + 1))) at += 1;
  }
  return undefined;
}

/** Letters and apostrophes, with single hyphens between. */
function endOfWord(window: Window, from: number): number {
  let at = from;
  while (at - from < MAX_WORD) {
    const unit = window.at(at);
    const belongs = isLetter(unit) || unit === APOSTROPHE || (unit === HYPHEN && isLetter(window.at(at + 1)));
    if (!belongs) break;
    at += 1;
  }
  return at;
}
