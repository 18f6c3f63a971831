import type { Detector } from '../scan/detector.js';
import { isDigit, isHex, isWord, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const GROUPS = 8;
const GROUP_LENGTH = 4;
const OCTETS = 4;
/** Without `::`, groups shorter than this look like a ratio or a time. */
const TELLING_LENGTH = 3;
const [COLON, DOT] = [unitOf(':'), unitOf('.')] as const;

interface Groups {
  readonly end: number;
  readonly count: number;
  readonly compressed: boolean;
  readonly longest: number;
  readonly digits: number;
}

/**
 * An IPv6 address (RFC 4291 §2.2), compressed or whole, its embedded IPv4 form too. Needs a decimal digit, so that
 * `abc::def` stays code. `::` and `::1` are everybody's and stay.
 */
export const ipV6: Detector = {
  triggers: ':',
  detect: (window, at) => {
    const start = firstGroup(window, at);
    if (start === undefined) return undefined;
    const groups = readGroups(window, start);
    if (!isAddress(groups)) return undefined;
    const end = endOfDotted(window, groups.end);
    if (!endsAlone(window, end) || isLoopback(window, start, end)) return undefined;
    return { kind: 'ip_address', start, end };
  },
};

/** Where the address of this first colon would begin. */
function firstGroup(window: Window, colon: number): number | undefined {
  let start = colon;
  while (colon - start < GROUP_LENGTH && isHex(window.before(start - 1))) start -= 1;
  const previous = window.before(start - 1);
  if (isWord(previous) || previous === COLON || previous === DOT) return undefined;
  return start < colon || window.at(colon + 1) === COLON ? start : undefined;
}

function readGroups(window: Window, start: number): Groups {
  let [end, count, longest, digits, compressed] = [start, 0, 0, 0, false];
  let at = start;
  while (count < GROUPS) {
    let length = 0;
    while (length <= GROUP_LENGTH && isHex(window.at(at + length))) {
      if (isDigit(window.at(at + length))) digits += 1;
      length += 1;
    }
    if (length > GROUP_LENGTH) break;
    if (length > 0) {
      count += 1;
      longest = Math.max(longest, length);
      end = at + length;
    }
    at += length;
    if (window.at(at) !== COLON) break;
    const doubled = window.at(at + 1) === COLON;
    if (doubled && compressed) break;
    if (doubled) {
      compressed = true;
      end = at + 2;
    }
    at += doubled ? 2 : 1;
  }
  return { end, count, compressed, longest, digits };
}

function isAddress({ count, compressed, longest, digits }: Groups): boolean {
  if (digits === 0) return false;
  return compressed ? count > 0 && count < GROUPS : count === GROUPS && longest >= TELLING_LENGTH;
}

/** The last 32 bits may be written as an IPv4 address, whose first octet was read as a group. */
function endOfDotted(window: Window, octetEnd: number): number {
  let end = octetEnd;
  for (let octets = 1; octets < OCTETS && window.at(end) === DOT && isDigit(window.at(end + 1)); octets += 1) {
    end += 2;
    while (end - octetEnd < OCTETS * GROUP_LENGTH && isDigit(window.at(end))) end += 1;
  }
  return end;
}

function endsAlone(window: Window, end: number): boolean {
  const next = window.at(end);
  if (isWord(next)) return false;
  return next !== COLON || !(isHex(window.at(end + 1)) || window.at(end + 1) === COLON);
}

const isLoopback = (window: Window, start: number, end: number): boolean => window.slice(start, end) === '::1';
