import type { Tail } from '../scan/detector.js';
import { isAlphanumeric, isSpace, isUpper, unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const END = '-----END ';
const DASHES = '-----';
const MAX_LABEL = 40;
/** Line ends and indentation between two pieces; a wider gap ends the block. */
const MAX_GAP = 40;
/** A run of base64 this long is no word of a sentence. */
const CERTAIN = 20;
/** The end of the last line, and the checksum of an armour, may be shorter. */
const MAX_SHORT_RUNS = 2;
/** RFC 1421 §4.6, RFC 9580 §6.2.2 */
const HEADERS = ['Proc-Type:', 'DEK-Info:', 'Version:', 'Comment:', 'Hash:', 'Charset:'];
const MAX_HEADER = 200;

const [BACKSLASH, LINE_FEED] = [unitOf('\\'), unitOf('\n')] as const;
const isBase64 = unitSet('+/=', isAlphanumeric);
const isLabelUnit = unitSet(' ', isUpper);
const isEscape = unitSet('nrt\\');

/** A part of a block that is certain, and what comes behind it: the rest of a run, another piece, or nothing. */
interface Piece {
  readonly end: number;
  readonly next: 'run' | 'piece' | 'nothing';
}

/**
 * What follows the first line of a block, piece by piece: headers, runs of base64, the last line. Without a last line the
 * block ends where base64 ends, and what stands behind it stays.
 */
export function pemTail(): Tail {
  let next: Piece['next'] = 'piece';
  return (window, from) => {
    let at = from;
    while (next !== 'nothing') {
      if (next === 'run') at = endOfRun(window, at, Number.POSITIVE_INFINITY);
      const piece = window.starved ? undefined : pieceAt(window, afterGap(window, at));
      if (window.starved || piece === undefined) return at;
      at = piece.end;
      next = piece.next;
    }
    return at;
  };
}

function pieceAt(window: Window, at: number): Piece | undefined {
  if (window.has(END, at)) return { end: endOfLastLine(window, at + END.length), next: 'nothing' };
  const header = endOfHeader(window, at);
  if (header !== undefined) return { end: header, next: 'piece' };
  const run = endOfRun(window, at, CERTAIN);
  if (run - at === CERTAIN) return { end: run, next: 'run' };
  const last = endOfShortRuns(window, at);
  return last === undefined ? undefined : { end: last, next: 'piece' };
}

function endOfRun(window: Window, from: number, most: number): number {
  let at = from;
  while (at - from < most && isBase64(window.at(at))) at += 1;
  return at;
}

/** Short runs belong to the block only right before its last line. */
function endOfShortRuns(window: Window, from: number): number | undefined {
  let end = from;
  for (let runs = 0; runs < MAX_SHORT_RUNS; runs += 1) {
    const start = runs === 0 ? end : afterGap(window, end);
    end = endOfRun(window, start, CERTAIN);
    if (end === start) return undefined;
    if (window.has(END, afterGap(window, end))) return end;
  }
  return undefined;
}

function endOfHeader(window: Window, from: number): number | undefined {
  const name = HEADERS.find((header) => window.has(header, from));
  if (name === undefined) return undefined;
  let at = from + name.length;
  const limit = at + MAX_HEADER;
  while (at < limit && window.at(at) !== -1 && window.at(at) !== LINE_FEED && window.at(at) !== BACKSLASH) at += 1;
  return at;
}

function afterGap(window: Window, from: number): number {
  let at = from;
  while (at - from < MAX_GAP) {
    const unit = window.at(at);
    if (isSpace(unit)) at += 1;
    else if (unit === BACKSLASH && isEscape(window.at(at + 1))) at += 2;
    else break;
  }
  return at;
}

/** A last line without its dashes ends where its label does. */
function endOfLastLine(window: Window, from: number): number {
  let at = from;
  while (at - from < MAX_LABEL && isLabelUnit(window.at(at))) at += 1;
  return window.has(DASHES, at) ? at + DASHES.length : at;
}
