import type { Detector } from '../scan/detector.js';
import { startOf } from '../scan/names.js';
import { isAlphanumeric, isDigit, isLetter, isUpper, lowered, unitSet } from '../scan/units.js';
import type { Window } from '../scan/window.js';
import { runTail } from './run-tail.js';
import { isSecretName, mayEndSecretName } from './secret-names.js';

const MAX_NAME = 40;
/** Quotes and blanks around the sign. */
const MAX_GAP = 3;
/** A scheme whose credentials show nothing but their name; `Bearer` has a detector of its own. */
const BASIC = 'Basic ';
const isGap = unitSet(' \t"\'\\');
const isNameUnit = unitSet('_-', isAlphanumeric);

/** How much of a value is looked at, and how long it has to be. */
interface Looks {
  readonly belongs: (unit: number) => boolean;
  readonly min: number;
  /** What the first characters have to show. */
  readonly tells: (unit: number) => boolean;
}

const TELLING = 40;
const isRandomUnit = unitSet('+/=_-.~', isAlphanumeric);
const isLower = (unit: number): boolean => isLetter(unit) && !isUpper(unit);
const isSentenceMark = unitSet('.:!?-/');
const endsValue = unitSet(' \t\n\r\v\f"\'`,;&<>()[]{}\\');

/** Long and random. */
const STANDARD: Looks = { belongs: isRandomUnit, min: 20, tells: isDigit };
/** Anything that is no plain word. */
const STRICT: Looks = {
  belongs: (unit) => unit !== -1 && !endsValue(unit),
  min: 4,
  tells: (unit) => !(isLower(unit) || isSentenceMark(unit)),
};

/** The value behind a name that announces a secret: `password=…`, `"client_secret": "…`; the name stays. */
const namedSecret = (looks: Looks): Detector => {
  const tail = runTail(looks.belongs);
  return {
    triggers: ':=',
    detect: (window, at) => {
      if (!endsInSecretName(window, at)) return undefined;
      const start = afterGap(window, at + 1);
      const end = certainEnd(window, start, looks);
      return end === undefined ? undefined : { kind: 'secret', start, end, tail };
    },
  };
};

export const longSecret = namedSecret(STANDARD);
export const anySecret = namedSecret(STRICT);

function endsInSecretName(window: Window, sign: number): boolean {
  const end = startOf(window, sign, isGap, MAX_GAP);
  if (!mayEndSecretName(lowered(window.before(end - 2)), lowered(window.before(end - 1)))) return false;
  return isSecretName(window.slice(startOf(window, end, isNameUnit, MAX_NAME), end));
}

function afterGap(window: Window, from: number): number {
  let at = from;
  while (at - from < MAX_GAP && isGap(window.at(at))) at += 1;
  return window.has(BASIC, at) ? at + BASIC.length : at;
}

/** Where the value is certain: long enough and telling; `undefined` when it ends before, or shows nothing for long. */
function certainEnd(window: Window, start: number, { belongs, min, tells }: Looks): number | undefined {
  let [end, telling] = [start, false];
  while (end - start < TELLING && !(telling && end - start >= min)) {
    const unit = window.at(end);
    if (!belongs(unit)) return undefined;
    telling ||= tells(unit) && !(end === start && isUpper(unit));
    end += 1;
  }
  return telling ? end : undefined;
}
