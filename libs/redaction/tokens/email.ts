import type { Detector, Match } from '../scan/detector.js';
import { isAlphanumeric, isForeignLetter, isLetter, unitOf, unitSet } from '../scan/units.js';
import { isRun, MAX_REACH, type Window } from '../scan/window.js';

/** Longest domain name in text form (RFC 1035 §2.3.4). */
const MAX_DOMAIN = 253;
const MIN_TOP_LEVEL = 2;
const MAX_TOP_LEVEL = 24;
const PUNYCODE = 'xn--';

const [DOT, HYPHEN, BACKSLASH] = [unitOf('.'), unitOf('-'), unitOf('\\')] as const;

/** Units of escapes of escapes that are read. */
const MOST_ESCAPES = 16;
const REFERENCES = ['&#64;', '&#064;', '&#x40;', '&#X40;'];

/** Files named after a pixel density (`logo@2x.png`), not hosts. */
const FILE_ENDINGS = ['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'avif'];
/** The account of every repository on a git host (`git@github.com:…`): nobody's address. */
const SHARED_ACCOUNT = 'git';

const opensLocalPart = unitSet('_', isAlphanumeric);
const isLocalStart = (unit: number): boolean => opensLocalPart(unit) || isForeignLetter(unit);
const isLabelUnit = (unit: number): boolean => isAlphanumeric(unit) || isForeignLetter(unit);

/** An address as people write it (RFC 5321 without quoted local parts, address literals and hosts without a dot); international ones too. */
const plain: Detector = { triggers: '@', detect: (window, at) => addressAround(window, at, at + 1) };

/** In an URL, where the `@` is escaped, and maybe the `%` of that again. */
const inUrl: Detector = {
  triggers: '%',
  next: '42',
  detect: (window, at) => {
    let code = at + 1;
    while (window.has('25', code) && code - at < MOST_ESCAPES) code += 2;
    return window.has('40', code) ? addressAround(window, at, code + 2) : undefined;
  },
};

/** In JSON, and in JSON that is a string of JSON. */
const inJson: Detector = {
  triggers: '\\',
  next: 'u\\',
  detect: (window, at) => {
    let code = at + 1;
    while (window.at(code) === BACKSLASH && code - at < MOST_ESCAPES) code += 1;
    return window.has('u0040', code) ? addressAround(window, at, code + 5) : undefined;
  },
};

/** In HTML. */
const inHtml: Detector = {
  triggers: '&',
  next: '#',
  detect: (window, at) => {
    const reference = REFERENCES.find((each) => window.has(each, at));
    return reference === undefined ? undefined : addressAround(window, at, at + reference.length);
  },
};

/** Addresses in every way of writing their `@` that other programs take for one. */
export const emails: readonly Detector[] = [plain, inUrl, inJson, inHtml];

/** The address whose `@` stands from `at` to `host`. */
function addressAround(window: Window, at: number, host: number): Match | undefined {
  const start = localStart(window, at);
  if (start === at || window.slice(start, at) === SHARED_ACCOUNT) return undefined;
  const end = domainEnd(window, host);
  return end === undefined ? undefined : { kind: 'email', start, end };
}

/** Where the local part begins; `at` when there is none. */
function localStart(window: Window, at: number): number {
  let start = at;
  while (at - start <= MAX_REACH && isRun(window.before(start - 1))) {
    if (window.before(start - 1) === DOT && window.before(start) === DOT) break;
    start -= 1;
  }
  if (at - start > MAX_REACH) return at;
  while (start < at && !isLocalStart(window.before(start))) start += 1;
  return start;
}

/** The end of the longest domain name at `from` whose last label can be a top-level domain; `undefined` without one. */
function domainEnd(window: Window, from: number): number | undefined {
  let end: number | undefined;
  let label = from;
  for (let dots = 0; label - from <= MAX_DOMAIN; dots += 1) {
    const labelEnd = endOfLabel(window, label, from + MAX_DOMAIN);
    if (labelEnd === label) break;
    if (dots > 0 && isTopLevel(window, label, labelEnd)) end = labelEnd;
    if (window.at(labelEnd) !== DOT) break;
    label = labelEnd + 1;
  }
  return end;
}

/** Letters and digits with single hyphens between; two only behind the `xn` of an encoded name. */
function endOfLabel(window: Window, from: number, limit: number): number {
  let end = from;
  let at = window.has(PUNYCODE, from) ? from + PUNYCODE.length : from;
  while (at <= limit) {
    if (isLabelUnit(window.at(at))) end = at + 1;
    else if (window.at(at) !== HYPHEN || end !== at) break;
    at += 1;
  }
  return end;
}

function isTopLevel(window: Window, start: number, end: number): boolean {
  const length = end - start;
  if (length < MIN_TOP_LEVEL || length > MAX_TOP_LEVEL) return false;
  if (window.has(PUNYCODE, start)) return true;
  for (let at = start; at < end; at += 1) {
    const unit = window.at(at);
    if (!isLetter(unit) && !isForeignLetter(unit)) return false;
  }
  return !FILE_ENDINGS.includes(window.slice(start, end).toLowerCase());
}
