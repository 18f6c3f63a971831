import { type Detector, DIGITS } from '../scan/detector.js';
import { isAlphanumeric, isDigit, isWord, unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const MAX_LATITUDE = 90;
const MAX_LONGITUDE = 180;
const MAX_WHOLE = 3;
/** Four decimals are about ten metres: less is a place, not a person's. */
const MIN_DECIMALS = 4;
const MAX_DECIMALS = 15;
const MAX_GAP = 2;
const [DOT, COMMA, MINUS] = [unitOf('.'), unitOf(','), unitOf('-')] as const;
const isSign = unitSet('+-');
const isBlank = unitSet(' ');

/** Latitude and longitude in decimal degrees, with four decimals or more. */
export const coordinates: Detector = {
  triggers: DIGITS,
  detect: (window, at) => {
    const start = isSign(window.before(at - 1)) ? at - 1 : at;
    const previous = window.before(start - 1);
    if (isWord(previous) || previous === DOT || previous === MINUS) return undefined;
    const comma = degreesEnd(window, at, MAX_LATITUDE);
    if (comma === undefined || window.at(comma) !== COMMA) return undefined;
    const end = degreesEnd(window, afterSign(window, comma + 1), MAX_LONGITUDE);
    if (end === undefined || isWord(window.at(end))) return undefined;
    return window.at(end) === DOT && isAlphanumeric(window.at(end + 1))
      ? undefined
      : { kind: 'coordinates', start, end };
  },
};

function afterSign(window: Window, from: number): number {
  let at = from;
  while (at - from < MAX_GAP && isBlank(window.at(at))) at += 1;
  return isSign(window.at(at)) ? at + 1 : at;
}

/** The end of unsigned decimal degrees within `limit`. */
function degreesEnd(window: Window, from: number, limit: number): number | undefined {
  const dot = digitsEnd(window, from, MAX_WHOLE);
  if (dot === from || window.at(dot) !== DOT) return undefined;
  const end = digitsEnd(window, dot + 1, MAX_DECIMALS);
  const precise = end - dot > MIN_DECIMALS && !isDigit(window.at(end));
  return precise && Number(window.slice(from, end)) <= limit ? end : undefined;
}

function digitsEnd(window: Window, from: number, most: number): number {
  let at = from;
  while (at - from < most && isDigit(window.at(at))) at += 1;
  return at;
}
