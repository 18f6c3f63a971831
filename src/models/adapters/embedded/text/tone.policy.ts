import { type Change, changes } from './changes.policy.js';
import { NEGATIONS } from './stop-words.lexicon.js';
import { valence } from './things.policy.js';
import { BAD, GOOD, LESS, MORE, NEUTRAL_ALONE, WORKING } from './tone.lexicon.js';
import type { Word } from './words.policy.js';

/** How far a negation reaches. */
const REACH = 3;
const CHANGED = 1.3;
const TURNED = -0.8;

/**
 * Whether a statement speaks of something welcome (> 0) or unwelcome (< 0), from -3 to 3.
 * A change counts by what changes (less waiting is good, fewer visitors are not), and a negation turns it; what does not
 * change counts by itself; a change with nothing to judge counts a little.
 */
export function tone(of: readonly Word[]): number {
  const found = changes(of);
  const by = new Map(found.map((each) => [each.at, each]));
  const spoken = new Set(found.flatMap(({ at, from, to }) => [at, ...ordinals(from, to)]));
  let total = 0;
  let negated = Number.NEGATIVE_INFINITY;
  let unable = Number.NEGATIVE_INFINITY;
  of.forEach((word, at) => {
    const change = by.get(at);
    const isNegated = at - negated <= REACH || (change !== undefined && at - unable <= REACH);
    total += (isNegated ? TURNED : 1) * worth(of, at, change, { spoken: spoken.has(at), isNegated });
    if (negates(word, of[at + 1])) negated = at;
    if (UNABLE.test(word.lower)) unable = at;
  });
  return Math.max(-3, Math.min(3, total));
}

const ordinals = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** "Fail to reduce" does not reduce. */
const UNABLE = /^(?:fail|fails|failed|unable|refuses?|refused|struggles?|struggled)$/;

/** Who is fine pays none. */
const IS = /^(?:is|are|was|were|be|am|feels?|looks?|works?|not)$/;

/** "Not only" says more, not less. */
const negates = ({ lower }: Word, next: Word | undefined): boolean =>
  NEGATIONS.has(lower) && !/^(?:only|just)$/.test(next?.lower ?? '');

interface Role {
  /** Part of a change, which is judged as a whole. */
  readonly spoken: boolean;
  readonly isNegated: boolean;
}

function worth(of: readonly Word[], at: number, change: Change | undefined, { spoken, isNegated }: Role): number {
  if (change !== undefined) return CHANGED * change.sign;
  const word = of[at];
  if (word === undefined || spoken) return 0;
  if (word.lower === 'fine' && IS.test(of[at - 1]?.lower ?? '')) return isNegated ? -1 : 1;
  if (BAD.has(word.stem)) return NEUTRAL_ALONE.has(word.stem) && !isNegated ? -0.4 : -1;
  if (GOOD.has(word.stem)) return 1;
  if (LESS.has(word.stem) || MORE.has(word.stem)) return 0.3;
  if (!isNegated) return 0;
  return WORKING.has(word.stem) ? 1 : valence(of, at);
}
