import type { Detector } from '../scan/detector.js';
import { isDigit, isUpper, unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { pemTail } from './pem-tail.js';

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
/** `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`, … are all shorter (RFC 7468 §13). */
const MAX_LABEL = 40;
const PRIVATE = 'PRIVATE KEY';
const HYPHEN = unitOf('-');
const isLabelUnit = unitSet(' ', (unit) => isUpper(unit) || isDigit(unit));

/** A private key in PEM (RFC 7468), OpenSSH's or OpenPGP's armour, also with its line ends escaped, and when its end is missing. Certificates and public keys stay. */
export const privateKey: Detector = {
  triggers: '-',
  detect: (window, at) => {
    if (window.before(at - 1) === HYPHEN || !window.has(BEGIN, at)) return undefined;
    const label = at + BEGIN.length;
    const labelEnd = endOfLabel(window, label);
    if (!window.has(DASHES, labelEnd) || !window.slice(label, labelEnd).includes(PRIVATE)) return undefined;
    return { kind: 'private_key', start: at, end: labelEnd + DASHES.length, tail: pemTail() };
  },
};

function endOfLabel(window: Window, from: number): number {
  let end = from;
  while (end - from < MAX_LABEL && isLabelUnit(window.at(end))) end += 1;
  return end;
}
