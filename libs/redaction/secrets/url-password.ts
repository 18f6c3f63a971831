import type { Detector } from '../scan/detector.js';
import { startOf } from '../scan/names.js';
import { unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';

const MAX_USER = 64;
const MAX_PASSWORD = 256;
const [SLASH, AT] = [unitOf('/'), unitOf('@')] as const;

/** What ends the part of a URL before its host, written with care or not; placeholders are none. */
const isForbidden = unitSet(' \t\n\r/?#"\'`<>[]{}@:');
const isUserUnit = (unit: number): boolean => !isForbidden(unit);
/** Passwords are often written without escaping their colons. */
const isPasswordUnit = (unit: number): boolean => unit !== -1 && (unit === unitOf(':') || !isForbidden(unit));

/** The password in `scheme://user:password@host` (RFC 3986 §3.2.1); user and host stay. */
export const urlPassword: Detector = {
  triggers: ':',
  detect: (window, at) => {
    if (!isPasswordUnit(window.at(at + 1))) return undefined;
    const user = startOf(window, at, isUserUnit, MAX_USER);
    if (window.before(user - 1) !== SLASH || window.before(user - 2) !== SLASH) return undefined;
    const end = endOfPassword(window, at + 1);
    return end === undefined ? undefined : { kind: 'url_password', start: at + 1, end };
  },
};

function endOfPassword(window: Window, start: number): number | undefined {
  let end = start;
  while (end - start < MAX_PASSWORD && isPasswordUnit(window.at(end))) end += 1;
  return end > start && window.at(end) === AT ? end : undefined;
}
