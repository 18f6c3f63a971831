import type { Detect, Detector, Tail } from '../scan/detector.js';
import { isAlphanumeric, isDigit, isUpper, unitOf, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { beginsAlone } from '../tokens/boundary.js';
import { KEY_FORMS, type KeyForm } from './key-forms.js';
import { isBase64Url, runTail } from './run-tail.js';

interface Tried {
  readonly form: KeyForm;
  readonly tail: Tail;
}

/** Keys by the last character but one of their heads, so that few are compared; without one, they are under 0. */
function bySecondLast(forms: readonly KeyForm[]): ReadonlyMap<number, readonly Tried[]> {
  const groups = new Map<number, Tried[]>();
  for (const form of forms) {
    const unit = form.head.length > 1 ? form.head.charCodeAt(form.head.length - 2) : 0;
    groups.set(unit, [...(groups.get(unit) ?? []), { form, tail: runTail(form.alphabet) }]);
  }
  return groups;
}

/** A key that its issuer gave a beginning to recognise it by. Publishable keys are none. */
const keyOf = (forms: readonly KeyForm[]): Detect => {
  const groups = bySecondLast(forms);
  const short = groups.get(0);
  return (window, at) => {
    const candidates = short ?? groups.get(window.before(at - 1));
    if (candidates === undefined) return undefined;
    for (const { form, tail } of candidates) {
      const start = at + 1 - form.head.length;
      if (!window.endsWith(form.head, at + 1) || !beginsAlone(window, start)) continue;
      const end = confirmedEnd(window, at + 1, form);
      if (end !== undefined) return { kind: 'api_key', start, end, tail };
    }
    return undefined;
  };
};

/** One detector for each character that heads end with. */
export const apiKeys: readonly Detector[] = [...new Set(KEY_FORMS.map(({ head }) => head.slice(-1)))].map((stop) => {
  const forms = KEY_FORMS.filter(({ head }) => head.endsWith(stop));
  const next = forms.map(({ marker }) => marker.slice(0, 1));
  return { triggers: stop, detect: keyOf(forms), ...(next.includes('') ? {} : { next: next.join('') }) };
});

/** The end of the characters that make it a key. Words in small letters alone are none: `sk-learn-…`. */
function confirmedEnd(window: Window, from: number, { marker, least, alphabet, exact }: KeyForm): number | undefined {
  if (!window.has(marker, from)) return undefined;
  const start = from + marker.length;
  const end = start + least;
  let random = false;
  for (let at = start; at < end; at += 1) {
    const unit = window.at(at);
    if (!alphabet(unit)) return undefined;
    random ||= isDigit(unit) || isUpper(unit);
  }
  return random && !(exact && isAlphanumeric(window.at(end))) ? end : undefined;
}

const OWN_HEAD = 'cs_';
const MIN_ID = 4;
const MAX_ID = 64;
const MIN_SECRET = 16;
const UNDERSCORE = unitOf('_');
const isIdUnit = unitSet('-', isAlphanumeric);
const ownTail = runTail(isBase64Url);

/** A key of this service: `cs_<id>_<secret>`. */
export const ownKey: Detector = {
  triggers: '_',
  detect: (window, at) => {
    const start = at + 1 - OWN_HEAD.length;
    if (!window.endsWith(OWN_HEAD, at + 1) || !beginsAlone(window, start)) return undefined;
    let idEnd = at + 1;
    while (idEnd - at <= MAX_ID && isIdUnit(window.at(idEnd))) idEnd += 1;
    if (idEnd - at <= MIN_ID || window.at(idEnd) !== UNDERSCORE) return undefined;
    const end = idEnd + 1 + MIN_SECRET;
    for (let index = idEnd + 1; index < end; index += 1) if (!isBase64Url(window.at(index))) return undefined;
    return { kind: 'api_key', start, end, tail: ownTail };
  },
};
