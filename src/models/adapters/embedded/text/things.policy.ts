import { BURDENS, PRIZED, PROCESSES, TURNS } from './polarity.lexicon.js';
import { BAD, GOOD } from './tone.lexicon.js';
import type { Word } from './words.policy.js';

/** Something that can be judged, as a run of words (ordinals, end exclusive). */
export interface Thing {
  readonly valence: 1 | -1;
  readonly from: number;
  readonly to: number;
}

/** How far a comparison reaches. */
export const COMPARED = 4;
const BACK = 10;

/** What a thing that changes cannot reach across. */
export const BOUNDARY =
  /^(?:but|because|although|though|while|whereas|if|when|whether|that|which|who|so|unless|until|after|before|by|to|than|would|will|could|may|might|should|can|must|is|are|was|were|without)$/;
const LEFT_BOUNDARY =
  /^(?:but|because|although|though|while|whereas|if|when|whether|that|so|unless|until|and|or|without|than)$/;
const JOINT = /^(?:of|about|in|for|on|with|from|at|over|between|among|during)$/;
/** "Cuts to services": the thing follows "to". */
export const isTowards = (word: Word | undefined, next: Word | undefined): boolean =>
  next?.lower === 'to' && /^(?:cuts|reductions?|improvements?)$/.test(word?.lower ?? '');

/** Whether more of it is wanted (1) or less of it (-1); 0 when nothing is known. */
export function valence(of: readonly Word[], at: number): 1 | -1 | 0 {
  const word = of[at];
  if (word === undefined) return 0;
  if (/^times?$/.test(word.lower)) {
    const before = of[at - 1];
    const lasting = before !== undefined && PROCESSES.has(before.stem);
    return lasting || of[at + 1]?.lower === 'off' ? -1 : 0;
  }
  if (BAD.has(word.stem) || BURDENS.has(word.stem)) return -1;
  return GOOD.has(word.stem) || PRIZED.has(word.stem) ? 1 : 0;
}

/** The first group of words, up to "of", "about" …, that can be judged: by its last word, as in "safety complaints". */
export function thingIn(of: readonly Word[], from: number, to: number): Thing | undefined {
  let start = from;
  for (let at = from; at <= to; at += 1) {
    if (at < to && !JOINT.test(of[at]?.lower ?? '')) continue;
    for (let last = at - 1; last >= start; last -= 1) {
      const found = valence(of, last);
      if (found !== 0) return { valence: found, from: start, to };
    }
    start = at + 1;
  }
  return undefined;
}

/** More than a space between them: a mark. */
export const isApart = (one: Word | undefined, other: Word | undefined): boolean =>
  one !== undefined && other !== undefined && other.start - one.end > 1;

/** The thing that follows the word at `at`, no more than `reach` words on. */
export function after(of: readonly Word[], at: number, reach: number): Thing | undefined {
  const from = isTowards(of[at], of[at + 1]) ? at + 2 : at + 1;
  let to = from;
  while (to < of.length && to - at <= reach) {
    const { lower, stem } = of[to] ?? { lower: '', stem: '' };
    const ends = BOUNDARY.test(lower) || (reach <= COMPARED && /^(?:and|or)$/.test(lower));
    if (ends || (TURNS.has(stem) && valence(of, to) === 0)) break;
    to += 1;
  }
  return thingIn(of, from, to);
}

/** The thing that the statement speaks of before the word at `at`. */
export function before(of: readonly Word[], at: number): Thing | undefined {
  let from = at;
  while (from > 0 && at - from < BACK) {
    if (isApart(of[from - 1], of[from]) || LEFT_BOUNDARY.test(of[from - 1]?.lower ?? '')) break;
    from -= 1;
  }
  return thingIn(of, from, at);
}
