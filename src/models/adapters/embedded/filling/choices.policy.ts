import { sharedTerms } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import { terms, words } from '../text/words.policy.js';
import type { Evidence } from './evidence.policy.js';
import { DISLIKED, LIKED } from './mood.lexicon.js';
import { labelled, relevance } from './relevance.policy.js';
import { isDenied, saidFor } from './said.policy.js';
import { type Topic, wordsOfName } from './topic.policy.js';

const MOODS: ReadonlySet<string> = new Set(['positive', 'negative', 'neutral', 'mixed']);
/** What stands among choices for "nobody said". */
const UNSAID: ReadonlySet<string> = new Set([
  'unknown',
  'unspecified',
  'other',
  'none',
  'n/a',
  'undefined',
  'not specified',
]);
const IN_A_LABEL = 10;
const DENIED = -5;

interface Choice {
  readonly value: unknown;
  readonly terms: ReadonlySet<string>;
}

/** The value that the text speaks of; `undefined` when it speaks of none. */
export function choiceFor(topic: Topic, values: readonly unknown[], evidence: Evidence): unknown {
  if (values.length <= 1) return values[0];
  return (
    spokenOf(topic, values, evidence)[0] ??
    moodOf(values, evidence) ??
    yesOrNo(topic, values, evidence) ??
    values.find(isUnsaid)
  );
}

const isUnsaid = (value: unknown): boolean => typeof value === 'string' && UNSAID.has(value.toLowerCase());

/** All values that the text speaks of, the most spoken of first. */
export function spokenOf(topic: Topic, values: readonly unknown[], evidence: Evidence): readonly unknown[] {
  const choices = values.map((value) => ({ value, terms: termsOf(value) }));
  const sentences = evidence.sentences.filter((sentence) => !namesAll(sentence, choices));
  const told = labelled(topic, evidence).map((text) => terms(words(text, 0)));
  const worth = ({ terms: own }: Choice): number =>
    (told.some((each) => speaksOf(each, own)) ? IN_A_LABEL : 0) +
    sentences.reduce((sum, sentence) => sum + spoken(sentence, own, topic, evidence), 0);
  const scored = choices.map((choice) => ({ value: choice.value, score: worth(choice) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ value }) => value);
}

function spoken(sentence: Sentence, own: ReadonlySet<string>, topic: Topic, evidence: Evidence): number {
  if (!speaksOf(sentence.terms, own)) return 0;
  return isDenied(sentence, own) ? DENIED : 1 + relevance(sentence, topic, evidence);
}

const termsOf = (value: unknown): ReadonlySet<string> => terms(words(wordsOfName(String(value)).join(' '), 0));

const speaksOf = (said: ReadonlySet<string>, own: ReadonlySet<string>): boolean =>
  own.size > 0 && sharedTerms(own, said).length === own.size;

/** A sentence that names every choice offers them and says none. */
const namesAll = (sentence: Sentence, choices: readonly Choice[]): boolean =>
  choices.every((choice) => speaksOf(sentence.terms, choice.terms));

/** Positive, negative, neutral: what the tone of the text is. */
function moodOf(values: readonly unknown[], { sentences }: Evidence): unknown {
  const isMood = values.every((value) => typeof value === 'string' && MOODS.has(value.toLowerCase()));
  if (!isMood || sentences.length === 0) return undefined;
  const tones = sentences.map(moodIn);
  const good = tones.some((tone) => tone >= 1);
  const bad = tones.some((tone) => tone <= -1);
  const total = tones.reduce((sum, tone) => sum + tone, 0);
  const named = (mood: string) => values.find((value) => String(value).toLowerCase() === mood);
  if (good && bad && named('mixed') !== undefined) return named('mixed');
  return named(total > 0.5 ? 'positive' : total < -0.5 ? 'negative' : 'neutral');
}

/** Above zero pleased, below zero displeased. */
function moodIn(sentence: Sentence): number {
  const felt = sentence.words.reduce((sum, { stem }) => {
    const worth = LIKED.has(stem) ? 1 : DISLIKED.has(stem) ? -1 : 0;
    return worth === 0 || !isDenied(sentence, new Set([stem])) ? sum + worth : sum - worth;
  }, 0);
  return felt === 0 ? sentence.tone : felt;
}

function yesOrNo(topic: Topic, values: readonly unknown[], evidence: Evidence): unknown {
  const named = (word: string) => values.find((value) => String(value).toLowerCase() === word);
  if (named('yes') === undefined || named('no') === undefined) return undefined;
  const said = saidFor(topic, evidence);
  return said === undefined ? undefined : named(said ? 'yes' : 'no');
}
