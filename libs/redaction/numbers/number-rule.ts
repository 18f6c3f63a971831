import type { RedactionKind } from '../kinds.js';
import { type Detector, DIGITS } from '../scan/detector.js';
import type { Window } from '../scan/window.js';
import { NumberGroups } from './number-groups.js';

/**
 * One kind of number. A rule decides on the first groups and on what follows right behind them, never on what comes
 * later: whether that is redacted then makes no difference.
 */
export interface NumberRule {
  readonly kind: RedactionKind;
  /** Where the number ends; `undefined` when it is none of this kind. */
  readonly end: (numbers: NumberGroups, window: Window) => number | undefined;
}

/** Reads a number once and asks the rules in turn. */
export function numberDetector(rules: readonly NumberRule[]): Detector {
  const numbers = new NumberGroups();
  return {
    triggers: `${DIGITS}+(`,
    detect: (window, at) => {
      if (!numbers.read(window, at)) return undefined;
      for (const { kind, end } of rules) {
        const found = end(numbers, window);
        if (found !== undefined && !endsInside(numbers, found)) return { kind, start: at, end: found };
      }
      return undefined;
    },
  };
}

/** A match that begins with a parenthesis has to reach over the one that closes it. */
const endsInside = (numbers: NumberGroups, end: number): boolean => numbers.enclosed && end === numbers.endOf(1);

/** The end of the longest sequence of first groups that stands alone and fits. */
export function longestEnd(numbers: NumberGroups, fits: (groups: number) => boolean): number | undefined {
  for (let groups = numbers.count; groups > 0; groups -= 1)
    if (fits(groups) && numbers.endsAlone(groups)) return numbers.endOf(groups);
  return undefined;
}
