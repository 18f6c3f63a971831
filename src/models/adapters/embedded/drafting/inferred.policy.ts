import { type Candidate, candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { askedFrom } from '../reading/subject.policy.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { clip } from '../text/clip.policy.js';
import { label, lower } from '../text/label.policy.js';
import type { Chosen } from './selection.policy.js';
import { coverage, type Vocabulary } from './vocabulary.policy.js';

const LONGEST = 110;
const LONGEST_GOAL = 90;

/** What may stand for a goal: sentences, and the statements that are already something else. */
export interface Unclaimed {
  readonly sentences: readonly Sentence[];
  readonly taken: readonly Candidate[];
  readonly vocabulary: Vocabulary;
}

/** As near to a wish as a statement comes. */
const NEED =
  /^(?:so\s)?(?:we|i|they)\s(?:all\s)?(?:really\s)?need\s(?!to\b)|\b(?:cannot|can['’]t|must not)\s(?:afford to\s)?(?:lose|miss|fail|risk)\b/iu;

export const isNeed = ({ text }: Sentence): boolean => NEED.test(text);

/** The sentence that carries most of what the brief is about. */
function central({ sentences, taken, vocabulary }: Unclaimed): Sentence | undefined {
  const key = new Set(vocabulary.key);
  const own = sentences.filter(({ source }) => source.kind === 'brief');
  const unfit = ({ addressed, question, place }: Sentence): number =>
    (addressed ? 2 : 0) + (question ? 0.8 : 0) + (place === 'heading' ? 0.5 : 0);
  const spoken = (each: Sentence): number => {
    const own = taken.filter(({ sentence }) => sentence === each);
    if (own.length === 0) return 0;
    return own.some(({ kind, tone }) => kind === 'outcome' && tone > 0) ? -0.3 : 0.6;
  };
  const needed = (each: Sentence): number => (isNeed(each) ? 0.7 : 0);
  const worth = (each: Sentence): number =>
    coverage(key, each.terms, vocabulary) + needed(each) - unfit(each) - spoken(each);
  return own.reduce<Sentence | undefined>(
    (best, each) => (best === undefined || worth(each) > worth(best) + 1e-9 ? each : best),
    undefined,
  );
}

const named = (from: Candidate, text: string): Candidate => ({
  ...from,
  kind: 'decision',
  label: clip(text, LONGEST),
  body: undefined,
  score: 1,
  via: { by: 'inferred', words: from.label },
});

/** Where nothing but dangers is told, the aim is that they do not come. */
const averted = (risk: Candidate): Candidate => ({
  ...risk,
  kind: 'goal',
  label: clip(`Avert: ${lower(risk.label)}`, LONGEST_GOAL),
  score: 0.8,
  via: { by: 'inferred', words: risk.label },
});

/** A brief without an explicit aim: the sentence most of it is about stands for it, and says so by its low score. */
export function inferGoal(from: Unclaimed): Candidate | undefined {
  const { vocabulary } = from;
  const found = central(from);
  if (found === undefined) return undefined;
  const feared = from.taken.find(({ kind, sentence }) => kind === 'risk' && sentence === found);
  if (feared !== undefined) return averted(feared);
  const key = new Set(vocabulary.key);
  const telling = found.words.filter(({ stem }) => key.has(stem)).map(({ text }) => text);
  const words = [...new Set(telling)].slice(0, 4);
  const via = { by: 'inferred', words: words.join(', ') } as const;
  return candidate(found, {
    kind: 'goal',
    span: { start: askedFrom(found.text), end: found.text.length },
    score: 0.8,
    via,
  });
}

/** How a choice is put: between things, between things to do, and where both are among them. */
const WORDED = {
  named: ['Choose between', 'and'],
  done: ['Whether to', 'or'],
  mixed: ['Which one:', 'or'],
} as const;

/** "Choose between A, B and C", or "Whether to do A, B or C", with each alternative as long as room allows. */
export function between(options: readonly Chosen[]): string {
  const labels = options.map(({ candidate }) => lower(candidate.label));
  const verbal = options.filter(({ candidate }) => isVerbal(candidate.label)).length;
  const [lead, join] = WORDED[verbal === 0 ? 'named' : verbal === options.length ? 'done' : 'mixed'];
  const listed = (all: readonly string[]): string => `${lead} ${all.slice(0, -1).join(', ')} ${join} ${all.at(-1)}`;
  if (listed(labels).length <= LONGEST) return listed(labels);
  const room = Math.max(16, Math.floor((LONGEST - 20) / labels.length) - 2);
  return clip(listed(labels.map((each) => lower(label(each, room)))), LONGEST);
}

const asked = (goal: Candidate): string =>
  isVerbal(goal.label) ? `How to ${lower(goal.label)}` : `What to do about “${goal.label}”`;

/** A brief that never asks: the decision is between its options, about its only one, or how to reach its goal. */
export function inferDecision(options: readonly Chosen[], goal: Candidate): Candidate {
  const [first] = options;
  if (first === undefined) return named(goal, asked(goal));
  const { label: only } = first.candidate;
  if (options.length === 1)
    return named(first.candidate, `${isVerbal(only) ? 'Whether to' : 'Whether to go for'} ${lower(only)}`);
  const verbal = options.filter(({ candidate }) => isVerbal(candidate.label)).length;
  const mixed = verbal > 0 && verbal < options.length;
  return mixed && goal.score > 1 && isVerbal(goal.label)
    ? named(goal, asked(goal))
    : named(first.candidate, between(options));
}

/** The other side of the only course of action: not taking it, in its own words. */
export function counterOption(only: Candidate): Candidate {
  const words = lower(only.label);
  const gerund = /^\p{L}{2,}ing\b/u.test(words) && !isVerbal(words);
  const opposite = gerund ? `Not ${words}` : isVerbal(only.label) ? `Do not ${words}` : `Without ${words}`;
  return {
    ...only,
    label: clip(opposite, 90),
    body: undefined,
    score: 0.8,
    via: { by: 'inferred', words: only.label },
  };
}
