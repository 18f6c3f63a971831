import { PREVENTING, TURNS, type Turn } from './polarity.lexicon.js';
import {
  after,
  BOUNDARY,
  before,
  COMPARED,
  isApart,
  isTowards,
  type Thing,
  thingIn,
  valence,
} from './things.policy.js';
import { isContent, type Word } from './words.policy.js';

/** A change of something that is wanted or unwanted: "complaints would fall" → good. Ordinals of words, end exclusive. */
export interface Change {
  readonly at: number;
  readonly sign: 1 | -1;
  /** The words of the thing that changes. */
  readonly from: number;
  readonly to: number;
}

const AHEAD = 6;
const BE = /^(?:is|are|was|were|be|been|being|get|gets|got)$/;
const BECOMES = /^(?:is|are|was|were|be|been|become|becomes|became|get|gets|got|stay|remain)$/;
/** After `fall` and the like: something else is meant ("fall behind", "drop out", "fall due"). */
const OTHER_SENSE = /^(?:behind|ill|sick|short|apart|due|under|within|into|out|off|on|than)$/;
const DETERMINER = /^(?:the|an?|this|next|last|or|at|on)$/;
const GOES = /^(?:go|goes|going|went|gone|comes?|coming|came)$/;
const BRINGS = /^(?:brings?|bringing|brought|drives?|driving|drove|push|pushes|pushed|pushing|keeps?|keeping|kept)$/;
const FARTHEST_PARTICLE = 4;

/** "Were reduced": what is changed stands before. */
function isPassive(of: readonly Word[], at: number): boolean {
  const lead = /ly$/.test(of[at - 1]?.lower ?? '') ? at - 2 : at - 1;
  return BE.test(of[lead]?.lower ?? '') && !/ing$/.test(of[at]?.lower ?? '');
}

/** Whether an object may follow: a noun or what leads to one, and "of" or "in" after a noun ("a fall in sales"). */
function opensObject(of: readonly Word[], at: number): boolean {
  const next = of[at + 1];
  if (next === undefined || isApart(of[at], next)) return false;
  if (isTowards(of[at], next)) return true;
  if (/^(?:in|of|the|an?|our|their|its|his|her|your|these|those|both|all|some|any)$/.test(next.lower)) return true;
  return isContent(next) && !/^\d|ly$/.test(next.lower);
}

function thingOf(of: readonly Word[], at: number, { affects }: Turn): Thing | undefined {
  const next = of[at + 1]?.lower ?? '';
  if (affects === 'compared') {
    if (next === 'than' || of[at - 1]?.lower === 'no') return undefined;
    return after(of, at, COMPARED) ?? (BECOMES.test(of[at - 1]?.lower ?? '') ? before(of, at) : undefined);
  }
  if (affects === 'object') return isPassive(of, at) ? before(of, at) : after(of, at, AHEAD);
  if (of[at]?.lower === 'lower' && DETERMINER.test(of[at - 1]?.lower ?? '')) return after(of, at, COMPARED);
  if (OTHER_SENSE.test(next)) return undefined;
  const object = opensObject(of, at) ? after(of, at, AHEAD) : undefined;
  if (affects === 'either' && object !== undefined && !isPassive(of, at)) return object;
  if (/ing$/.test(of[at]?.lower ?? '') && valence(of, at + 1) !== 0) return after(of, at, 1);
  return DETERMINER.test(of[at - 1]?.lower ?? '') ? undefined : before(of, at);
}

function signOf({ direction }: Turn, { valence: wanted }: Thing): 1 | -1 {
  if (direction === 'better') return 1;
  if (direction === 'worse') return -1;
  return direction === wanted ? 1 : -1;
}

/** One that stands inside what another prevents is undone by it: "stop costs from rising". */
function undone(of: readonly Word[], found: readonly Change[]): readonly Change[] {
  const preventing = Array.from(of, ({ stem }, at) => (PREVENTING.has(stem) ? at : -1)).filter((at) => at >= 0);
  const over = (each: Change): number | undefined =>
    preventing.findLast((at) => at < each.at && each.at - at <= AHEAD && !blocked(of, at, each.at));
  const covered = found.map((each) => ({ each, by: over(each) }));
  const spent = new Set(covered.flatMap(({ by }) => by ?? []));
  return covered
    .filter(({ each }) => !spent.has(each.at))
    .map(({ each, by }) => (by === undefined ? each : { ...each, sign: each.sign === 1 ? -1 : 1, at: by }));
}

const blocked = (of: readonly Word[], from: number, to: number): boolean =>
  of.slice(from + 1, to + 1).some((word, index) => isApart(of[from + index], word) || BOUNDARY.test(word.lower));

/** "Go up", "bring down": the verb says who moves, the particle where to. */
function moved(of: readonly Word[], at: number): Change | undefined {
  const particle = of[at]?.lower;
  if (particle !== 'up' && particle !== 'down') return undefined;
  const direction = particle === 'up' ? 1 : -1;
  const near = of.slice(Math.max(0, at - FARTHEST_PARTICLE), at);
  const verb = near.findLastIndex(({ lower }) => BRINGS.test(lower)) + at - near.length;
  const brought = near.some(({ lower }) => BRINGS.test(lower))
    ? (thingIn(of, verb + 1, at) ?? after(of, at, AHEAD))
    : undefined;
  const thing = GOES.test(of[at - 1]?.lower ?? '') ? before(of, at - 1) : brought;
  if (thing === undefined) return undefined;
  return { at, sign: direction === thing.valence ? 1 : -1, from: thing.from, to: thing.to };
}

function turned(of: readonly Word[], at: number): Change | undefined {
  const turn = TURNS.get(of[at]?.stem ?? '');
  const thing = turn === undefined ? undefined : thingOf(of, at, turn);
  if (turn === undefined || thing === undefined) return undefined;
  return { at, sign: signOf(turn, thing), from: thing.from, to: thing.to };
}

/** The changes a statement names of things that can be judged: direction of the change times what the thing is worth. */
export function changes(of: readonly Word[]): readonly Change[] {
  return undone(
    of,
    of.flatMap((_, at) => turned(of, at) ?? moved(of, at) ?? []),
  );
}
