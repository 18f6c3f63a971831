import type { Detector } from '../scan/detector.js';
import { isDigit, isHex, isWord, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { beginsAlone } from './boundary.js';

const GROUPS = 8;
const GROUP_LENGTH = 4;
const OCTETS = 4;
/** Without `::`, groups shorter than this look like a ratio or a time. */
const TELLING_LENGTH = 3;
/** `2001:db8::` is a prefix, `b2::` a piece of code. */
const MIN_PREFIX = 2;
const [COLON, DOT] = [unitOf(':'), unitOf('.')] as const;

/**
 * An IPv6 address (RFC 4291 §2.2), compressed or whole, its embedded IPv4 form too. Needs a decimal digit, so that
 * `abc::def` stays code. `::` and `::1` are everybody's and stay.
 */
export const ipV6: Detector = {
  triggers: ':',
  detect: (window, at) => {
    const start = firstGroup(window, at);
    if (start === undefined) return undefined;
    const address = readGroups(window, start);
    if (!isAddress(address)) return undefined;
    const end = endOfDotted(window, address.end);
    return window.slice(start, end) === '::1' ? undefined : { kind: 'ip_address', start, end };
  },
};

/** Where the address of this first colon would begin. */
function firstGroup(window: Window, colon: number): number | undefined {
  let start = colon;
  while (colon - start < GROUP_LENGTH && isHex(window.before(start - 1))) start -= 1;
  const previous = window.before(start - 1);
  if (previous === COLON || previous === DOT || !beginsAlone(window, start)) return undefined;
  return start < colon || window.at(colon + 1) === COLON ? start : undefined;
}

interface Groups {
  end: number;
  count: number;
  longest: number;
  /** Decimal digits. */
  digits: number;
  compressed: boolean;
  /** Whether `end` lies behind the `::`. */
  closed: boolean;
}

/** As many groups as there are. A group glued to a word is none: what comes before it is decided without it. */
function readGroups(window: Window, start: number): Groups {
  const groups: Groups = { end: start, count: 0, longest: 0, digits: 0, compressed: false, closed: false };
  let at = start;
  while (groups.count < GROUPS) {
    const length = groupLength(window, at);
    if (length === undefined) break;
    if (length > 0) addGroup(groups, window, { at, length });
    at += length;
    if (window.at(at) !== COLON) break;
    const doubled = window.at(at + 1) === COLON;
    if (doubled && groups.compressed) break;
    if (doubled) compress(groups, at + 2);
    at += doubled ? 2 : 1;
  }
  return groups;
}

/** `undefined` for what is no group, 0 where none is. */
function groupLength(window: Window, at: number): number | undefined {
  let length = 0;
  while (length < GROUP_LENGTH && isHex(window.at(at + length))) length += 1;
  return isWord(window.at(at + length)) ? undefined : length;
}

function addGroup(groups: Groups, window: Window, { at, length }: { at: number; length: number }): void {
  groups.count += 1;
  groups.longest = Math.max(groups.longest, length);
  groups.end = at + length;
  groups.closed = groups.compressed;
  for (let index = at; index < groups.end; index += 1) if (isDigit(window.at(index))) groups.digits += 1;
}

function compress(groups: Groups, end: number): void {
  groups.compressed = true;
  if (groups.count < MIN_PREFIX) return;
  groups.end = end;
  groups.closed = true;
}

function isAddress({ count, compressed, closed, longest, digits }: Groups): boolean {
  if (digits === 0) return false;
  return compressed ? count < GROUPS && closed : count === GROUPS && longest >= TELLING_LENGTH;
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
