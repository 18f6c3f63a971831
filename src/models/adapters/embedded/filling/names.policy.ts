import type { Sentence } from '../reading/source.js';
import { VERBS } from '../reading/verbs.lexicon.js';
import { stem } from '../text/stem.policy.js';
import { MEASURES, STOP_WORDS } from '../text/stop-words.lexicon.js';
import { writtenOf } from './evidence.policy.js';

const PROPER =
  /(?<![\p{L}\p{N}’'-])\p{Lu}[\p{L}’'-]{0,30}(?:\s(?:(?:de|van|von|der|of|da|al)\s)?\p{Lu}[\p{L}’'-]{1,30}){0,3}/gu;
const CALENDAR =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|i|ok|yes|no)$/iu;
const AT_A_PLACE = /\b(?:in|at|from|to|near|into|around|of)\s(?:the\s)?$/iu;
const TITLE = /\b(?:the|an?)\s$/iu;
const THING =
  /\b(?:an?|the|our|this)\s((?:[\p{L}][\p{L}'-]{0,24}\s){0,3}?[\p{L}][\p{L}'-]{1,24})(?=\s(?:on|in|at|for|from|to|by|with|of|this|next|is|are|was|were|has|have|will|would|which|that|and)\b|[.,;:!?]|$)/gu;
const QUOTED = /["“«„]([^"“”«»„]{1,120})["”»]/gu;

interface Proper {
  readonly name: string;
  readonly before: string;
}

/** Names of persons, places and things: capitals that stand there for no other reason. */
function proper(sentence: Sentence): readonly Proper[] {
  const text = writtenOf(sentence);
  return Array.from(text.matchAll(PROPER)).flatMap(({ 0: found, index }) => {
    const [first = '', ...others] = found.split(' ');
    const bare = index === 0 && isCommon(first) ? others.join(' ') : found;
    const known = bare === '' || CALENDAR.test(bare) || STOP_WORDS.has(bare.toLowerCase());
    return known ? [] : [{ name: bare.replace(/['’]s$/u, ''), before: text.slice(Math.max(0, index - 12), index) }];
  });
}

/** A sentence begins with a capital whatever its first word is. */
const isCommon = (word: string): boolean => STOP_WORDS.has(word.toLowerCase()) || VERBS.has(word.toLowerCase());

export const persons = (sentence: Sentence): readonly string[] =>
  proper(sentence)
    .filter(({ before }) => !AT_A_PLACE.test(before) && !TITLE.test(before))
    .map(({ name }) => name);

export const places = (sentence: Sentence): readonly string[] =>
  proper(sentence)
    .filter(({ before }) => AT_A_PLACE.test(before))
    .map(({ name }) => name);

/** Things without a name of their own: "a science fair". */
export const things = (sentence: Sentence): readonly string[] =>
  Array.from(writtenOf(sentence).matchAll(THING), ([, found = '']) => found);

export const quoted = (sentence: Sentence): readonly string[] =>
  Array.from(writtenOf(sentence).matchAll(QUOTED), ([, found = '']) => found);

const MEASURE = /^(?:money|rate|%|)$/;

/** What is counted: "2 apples". */
export const counted = ({ quantities }: Sentence): readonly string[] =>
  quantities.flatMap(({ unit }) => (MEASURE.test(unit) || MEASURES.has(stem(unit)) ? [] : [unit]));
