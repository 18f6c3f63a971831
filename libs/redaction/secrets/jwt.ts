import type { Detector } from '../scan/detector.js';
import { unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { beginsAlone } from '../tokens/boundary.js';
import { isBase64Url, runTail } from './run-tail.js';

/** `{"` in base64url, as every header begins; the scan stops at its last letter. */
const HEAD = 'eyJ';
/** The shortest header is `{"alg":"none"}`. */
const MIN_HEADER = 16;
/** A header with a certificate chain is longer; nobody puts such tokens into a text. */
const MAX_HEADER = 1024;
/** Characters of the second part that make it a token. */
const MIN_PAYLOAD = 6;
const DOT = unitOf('.');

const tail = runTail(isBase64Url, unitSet('.'));

/** A JWT or JWE in compact form (RFC 7515 §7.1, RFC 7516 §7.1): a header that begins as JSON does, and a second part. */
export const jwt: Detector = {
  triggers: 'J',
  detect: (window, at) => {
    const start = at + 1 - HEAD.length;
    if (!window.endsWith(HEAD, at + 1) || !beginsAlone(window, start)) return undefined;
    const dot = endOfHeader(window, at + 1);
    if (dot - start < MIN_HEADER || window.at(dot) !== DOT) return undefined;
    const end = endOfPayloadHead(window, dot + 1);
    return end === undefined ? undefined : { kind: 'jwt', start, end, tail };
  },
};

function endOfHeader(window: Window, from: number): number {
  let end = from;
  while (end - from < MAX_HEADER && isBase64Url(window.at(end))) end += 1;
  return end;
}

/** The key of a JWE may be empty: then a dot follows. */
function endOfPayloadHead(window: Window, from: number): number | undefined {
  const start = window.at(from) === DOT ? from + 1 : from;
  for (let at = start; at < start + MIN_PAYLOAD; at += 1) if (!isBase64Url(window.at(at))) return undefined;
  return start + MIN_PAYLOAD;
}
