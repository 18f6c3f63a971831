import type { Candidate } from '../reading/candidate.policy.js';
import { VERBS } from '../reading/verbs.lexicon.js';
import { clip } from '../text/clip.policy.js';
import { label, lower } from '../text/label.policy.js';
import { TURNS } from '../text/polarity.lexicon.js';
import { type Quantity, quantities } from '../text/quantities.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { stem } from '../text/stem.policy.js';
import { STOP_WORDS } from '../text/stop-words.lexicon.js';

/** What a goal wants to become of its object. */
export type Direction = 'more' | 'less' | 'better' | 'done' | 'chosen' | 'reached';

/** A goal taken apart: "Raise visits to the library by 15 percent within a year". */
export interface Aim {
  /** The whole of it, as part of a sentence: "raise visits to the library …". */
  readonly whole: string;
  /** "raise"; nothing where the goal is no instruction. */
  readonly verb: string | undefined;
  /** "visits to the library"; the whole in quotation marks where the goal could not be taken apart. */
  readonly object: string;
  readonly direction: Direction;
  /** "15 percent" */
  readonly amount: Quantity | undefined;
  /** "within a year" */
  readonly time: string | undefined;
}

const LONGEST = 100;
const LONGEST_OBJECT = 40;
const TIME =
  /\b(?:within|by|before|until|in|over)\s(?:the\s)?(?:(?:end|start|middle) of\s)?(?:next\s|this\s|coming\s)?(?:\d{1,2}\s)?(?:an?\s|one\s|two\s|three\s|four\s|five\s|six\s|\d{1,3}\s)?(?:day|week|month|quarter|year|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|q[1-4]|20\d\d)s?(?:\s20\d\d)?\b/iu;
/** Where the object ends and what is said about it begins. */
const END =
  /[,;:]\s|\s(?:by|within|before|until|without|while|so|because|from|over|under|below|above|per|during|if|when|which|that|who)\s|\s(?:to|at|in)\s(?=(?:the\s)?(?:\d|least|most|about|next|end|under|over))/iu;

/** "Choose between …", "decide whether …", "get more …": no thing that could be spoken of. */
const NO_OBJECT =
  /^(?:between|among|whether|either|more|less|fewer|better|how|what|which|if|to|on|in|out|up|down|away|from|with|for|of)\b/iu;

const CHOOSING = /^(?:choose|select|pick|find|decide)$/u;

function directionOf(verb: string): Direction {
  if (CHOOSING.test(verb)) return 'chosen';
  const turn = TURNS.get(stem(verb))?.direction;
  if (turn === 1) return 'more';
  if (turn === -1) return 'less';
  return turn === 'better' ? 'better' : 'done';
}

/** "15 percent within": what follows an amount is not part of it. */
function amountIn(goal: string): Quantity | undefined {
  const found = quantities(goal, 0).find(({ value, unit }) => unit !== '' && value > 0);
  if (found === undefined) return undefined;
  const written = found.written.replace(/\s(\p{L}+)$/u, (all, word: string) => (STOP_WORDS.has(word) ? '' : all));
  return { ...found, written };
}

/** Reads a goal; `candidates` is what was read of its text. */
export function aimOf(goal: string, candidates: readonly Candidate[]): Aim {
  const stated = candidates.filter(({ kind }) => kind === 'goal').sort((a, b) => b.score - a.score)[0];
  const text = (stated?.label ?? label(goal, LONGEST)) || clip(goal.trim(), LONGEST);
  const whole = lower(text.replace(/^to\s/iu, ''));
  const first = whole.split(/\s/u, 1)[0] ?? '';
  const isVerb = VERBS.has(first) && /\s/u.test(whole);
  const rest = isVerb || TURNS.has(stem(first)) ? whole.slice(first.length).trim() : whole;
  const end = END.exec(rest)?.index ?? rest.length;
  const object = rest
    .slice(0, end)
    .replace(/^the number of\s/iu, '')
    .trim();
  const isApart = (isVerb || rest !== whole) && object !== '' && !NO_OBJECT.test(object);
  return {
    whole,
    verb: isVerb && isApart ? first : undefined,
    object: isApart ? clip(object, LONGEST_OBJECT) : excerpt(whole, LONGEST_OBJECT),
    direction: isApart ? directionOf(first) : 'reached',
    amount: amountIn(goal),
    time: TIME.exec(goal)?.[0],
  };
}
