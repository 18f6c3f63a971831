import { namedBefore, names } from '../scan/names.js';
import { type NumberGroups, Separator } from './number-groups.js';
import type { NumberRule } from './number-rule.js';

const OCTETS = 4;
const MAX_OCTET = 255;
const LOOPBACK = 127;

/** Behind these words four numbers with dots are a version or a place in a document. */
const NOT_ADDRESSES = names(
  'v ver version versions release rev revision build section sections sec chapter clause article abschnitt kapitel',
);

/** A dotted IPv4 address. `0.0.0.0`, `255.255.255.255` and 127/8 are everybody's and stay. */
export const ipV4: NumberRule = {
  kind: 'ip_address',
  end: (numbers, window) => {
    if (numbers.count < OCTETS || numbers.plus || !numbers.separatedBy(Separator.DOT, OCTETS)) return undefined;
    if (!isAddress(octetsOf(numbers)) || !numbers.endsAlone(OCTETS)) return undefined;
    return namedBefore(window, numbers.start, NOT_ADDRESSES) ? undefined : numbers.endOf(OCTETS);
  },
};

/** Octets with a leading zero are `NaN`: nobody agrees on what they mean. */
function octetsOf(numbers: NumberGroups): readonly number[] {
  return Array.from({ length: OCTETS }, (_, octet) => {
    const from = octet === 0 ? 0 : numbers.digitsIn(octet);
    const size = numbers.digitsIn(octet + 1) - from;
    return size > 1 && numbers.digits[from] === 0 ? Number.NaN : numbers.value(from, size);
  });
}

function isAddress(octets: readonly number[]): boolean {
  if (!octets.every((octet) => octet <= MAX_OCTET) || octets[0] === LOOPBACK) return false;
  return octets.some((octet) => octet !== 0) && octets.some((octet) => octet !== MAX_OCTET);
}
