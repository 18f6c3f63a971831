import { CARRIERS, DIRECTIONS, type Direction } from './directions.lexicon.js';
import { PREVENTING } from './polarity.lexicon.js';
import { MEASURES, NEGATIONS } from './stop-words.lexicon.js';
import { isApart, valence } from './things.policy.js';
import { isContent, type Word } from './words.policy.js';

/** Something that a statement says goes one way: "revenue falls in the north". */
export interface Movement {
  readonly scale: string;
  readonly end: 1 | -1;
  /** What goes there, by the stems of its words. */
  readonly about: ReadonlySet<string>;
  /** Where, when, for whom: what is said of it behind a preposition. */
  readonly where: ReadonlySet<string>;
  /** Whether that is welcome (1) or not (-1); 0 when nothing is known. */
  readonly worth: 1 | -1 | 0;
}

/** A run of words, as ordinals, end exclusive. */
interface Run {
  readonly from: number;
  readonly to: number;
}

const PREPOSITION =
  /^(?:of|about|in|for|on|with|from|at|over|between|among|during|within|after|before|to|by|per|through|across|until|against)$/;
/** Behind these stands another statement, a reason or an extent. */
const ANOTHER =
  /^(?:but|because|although|though|while|whereas|if|when|whether|that|which|who|so|unless|and|or|as|than|due|thanks|despite|by|without)$/;
const LEADS_TO_IT = /^(?:of|in|to)$/;
const BE = /^(?:is|are|was|were|be|been|being)$/;
const QUALIFIED = /^(?:more|less|most|least)$/;
const COPULA =
  /^(?:is|are|was|were|be|been|become|becomes|became|get|gets|got|stay|stays|remain|remains|seem|seems|make|makes)$/;
const DANGER = /^(?:risks?|chances?|dangers?|threats?|fears?|probability|likelihood)$/;
const DENIED_WITHIN = 3;

function endOf(of: readonly Word[], from: number, stop: RegExp): number {
  let to = from;
  while (to < of.length && !stop.test(of[to]?.lower ?? '') && !(to > from && isApart(of[to - 1], of[to]))) {
    if (directionAt(of, to) !== undefined && !isModifier(of, to)) break;
    to += 1;
  }
  return to;
}

function startOf(of: readonly Word[], to: number): number {
  let from = to;
  while (from > 0 && !ANOTHER.test(of[from - 1]?.lower ?? '') && !isApart(of[from - 1], of[from])) {
    if (directionAt(of, from - 1) !== undefined && !isModifier(of, from - 1)) break;
    from -= 1;
  }
  return from;
}

/** "Loss-making", "fast food": inside what is spoken of. */
const isModifier = (of: readonly Word[], at: number): boolean => {
  const direction = directionAt(of, at);
  return direction?.by === 'quality' && !COPULA.test(of[at - 1]?.lower ?? '') && of[at + 1] !== undefined;
};

const isNamed = (word: Word): boolean =>
  isContent(word) && !CARRIERS.has(word.stem) && !MEASURES.has(word.stem) && !/^\d|ly$/.test(word.lower);

const stemsOf = (of: readonly Word[], { from, to }: Run): ReadonlySet<string> =>
  new Set(
    of
      .slice(from, to)
      .filter((word) => isNamed(word))
      .map(({ stem }) => stem),
  );

/** Up to its first preposition. */
function core(of: readonly Word[], { from, to }: Run): Run {
  const at = of.slice(from, to).findIndex(({ lower }) => PREPOSITION.test(lower));
  return { from, to: at === -1 ? to : from + at };
}

function directionAt(of: readonly Word[], at: number): Direction | undefined {
  const { lower, stem } = of[at] ?? { lower: '', stem: '' };
  if (lower === 'up' || lower === 'down') {
    const carried = of.slice(Math.max(0, at - DENIED_WITHIN - 1), at).some((word) => CARRIERS.has(word.stem));
    return carried ? { scale: 'amount', end: lower === 'up' ? 1 : -1, by: 'deed' } : undefined;
  }
  return DIRECTIONS.get(stem);
}

/** "More expensive" goes where "expensive" does, "less expensive" the other way; any quality has a scale of its own. */
function qualified(of: readonly Word[], at: number): (Direction & { readonly length: number }) | undefined {
  const [word, next] = [of[at], of[at + 1]];
  if (word === undefined || next === undefined || !QUALIFIED.test(word.lower)) return undefined;
  const way = /^(?:more|most)$/.test(word.lower) ? 1 : -1;
  const known = DIRECTIONS.get(next.stem);
  if (known?.by === 'quality') return { ...known, end: known.end === way ? 1 : -1, length: 2 };
  const isQuality = COPULA.test(of[at - 1]?.lower ?? '') && isNamed(next) && of[at + 2] === undefined;
  return isQuality ? { scale: next.stem, end: way, by: 'quality', length: 2 } : undefined;
}

/** What goes there: what follows ("cut costs"), or else what stands before ("costs fall"), or else what is led to ("fall in sales"). */
function spokenOf(
  of: readonly Word[],
  at: number,
  direction: Direction & { readonly length: number },
): Run | undefined {
  const next = at + direction.length;
  const direct = { from: next, to: endOf(of, next, new RegExp(`${PREPOSITION.source}|${ANOTHER.source}`)) };
  const front = core(of, { from: startOf(of, at), to: at });
  const passive = BE.test(of[at - 1]?.lower ?? '');
  const [first, second] = direction.by !== 'change' || passive ? [front, direct] : [direct, front];
  const found = [first, second].find((run) => stemsOf(of, run).size > 0);
  if (found !== undefined || !LEADS_TO_IT.test(of[next]?.lower ?? '')) return found;
  const led = { from: next + 1, to: endOf(of, next + 1, new RegExp(`${PREPOSITION.source}|${ANOTHER.source}`)) };
  return stemsOf(of, led).size > 0 ? led : undefined;
}

/** What is said of it behind prepositions, on either side of the word that says where it goes. */
function circumstances(of: readonly Word[], at: number, spoken: Run): ReadonlySet<string> {
  const next = Math.max(at + 1, spoken.to);
  const after = { from: next, to: endOf(of, next, ANOTHER) };
  const before = spoken.to <= at ? { from: spoken.to, to: at } : { from: at, to: at };
  return new Set(
    [before, after]
      .flatMap(({ from, to }) => of.slice(from, to))
      .filter((word) => isContent(word) && !CARRIERS.has(word.stem) && !DIRECTIONS.has(word.stem))
      .filter(({ lower }) => !/^\d|ly$/.test(lower))
      .map(({ stem }) => stem),
  );
}

const isDenied = (of: readonly Word[], at: number): boolean =>
  of.slice(Math.max(0, at - DENIED_WITHIN), at).some(({ lower }) => NEGATIONS.has(lower));

/** "Prevents losses", "the risk of losing guests": spoken of, and not said to happen. */
const isUndone = (of: readonly Word[], at: number): boolean =>
  of.slice(startOf(of, at), at).some(({ lower, stem }) => PREVENTING.has(stem) || DANGER.test(lower));

function worthOf(of: readonly Word[], run: Run, { scale, end }: Pick<Movement, 'scale' | 'end'>): Movement['worth'] {
  if (scale === 'worth') return end;
  if (scale !== 'amount') return 0;
  const named = core(of, run);
  const head = of.slice(named.from, named.to).findLastIndex((word) => isNamed(word) || /^times?$/.test(word.lower));
  const wanted = valence(of, named.from + head);
  return wanted === 0 ? 0 : wanted === end ? 1 : -1;
}

/** The ways that a statement says things go. */
export function movements(of: readonly Word[]): readonly Movement[] {
  const found: Movement[] = [];
  for (let at = 0; at < of.length; at += 1) {
    const said = qualified(of, at) ?? single(of, at);
    const run = said === undefined ? undefined : spokenOf(of, at, said);
    if (said === undefined || run === undefined || isUndone(of, at)) continue;
    const end: 1 | -1 = isDenied(of, at) === (said.end === 1) ? -1 : 1;
    found.push({
      scale: said.scale,
      end,
      about: stemsOf(of, run),
      where: circumstances(of, at, run),
      worth: worthOf(of, run, { scale: said.scale, end }),
    });
    at += said.length - 1;
  }
  return found;
}

function single(of: readonly Word[], at: number): (Direction & { readonly length: number }) | undefined {
  const direction = isModifier(of, at) ? undefined : directionAt(of, at);
  return direction === undefined ? undefined : { ...direction, length: 1 };
}

const within = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((term) => whole.has(term));
const equal = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && within(one, other);

const isOpposite = (one: Movement, other: Movement): boolean =>
  (one.scale === other.scale && one.end !== other.end) || one.worth * other.worth < 0;

/** Whether the two say opposite things of the very same thing, under the same circumstances. */
export const contradicts = (one: Movement, other: Movement): boolean =>
  isOpposite(one, other) && equal(one.about, other.about) && equal(one.where, other.where);

/** Whether one goes against the other: of the same thing, or of a part of it. */
export const runsAgainst = (one: Movement, other: Movement): boolean =>
  isOpposite(one, other) && (within(other.about, one.about) || within(one.about, other.about));
