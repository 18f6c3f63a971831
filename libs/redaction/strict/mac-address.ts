import { PLACEHOLDER_START } from '../kinds.js';
import type { Detector } from '../scan/detector.js';
import { isHex, isWord, unitOf } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const OCTETS = 6;
const OCTET = 2;
const LENGTH = OCTETS * (OCTET + 1) - 1;
const SEPARATORS = [unitOf(':'), unitOf('-')];

/** A MAC address: six octets with colons or hyphens (IEEE 802, EUI-48). */
export const macAddress: Detector = {
  triggers: ':-',
  detect: (window, at) => {
    const start = at - OCTET;
    const separator = window.at(at);
    const previous = window.before(start - 1);
    if (!isHex(window.before(at - 1)) || !isHex(window.before(start)) || isWord(previous)) return undefined;
    if (SEPARATORS.includes(previous)) return undefined;
    for (let offset = OCTET; offset < LENGTH; offset += 1) {
      const unit = window.at(start + offset);
      if (offset % (OCTET + 1) === OCTET ? unit !== separator : !isHex(unit)) return undefined;
    }
    if (goesOn(window, start + LENGTH, separator)) return undefined;
    return { kind: 'mac_address', start, end: start + LENGTH };
  },
};

/** Whether the chain is longer. A placeholder may stand for the rest of it: redacting again finds nothing new. */
function goesOn(window: Window, end: number, separator: number): boolean {
  const next = window.at(end);
  if (next !== separator) return isWord(next);
  return isHex(window.at(end + 1)) || window.has(PLACEHOLDER_START, end + 1);
}
