import type { Candidate } from '../reading/candidate.policy.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { clip } from '../text/clip.policy.js';
import { lower } from '../text/label.policy.js';
import { inPhrase, shortened } from './named.policy.js';
import type { Chosen } from './selection.policy.js';

const LONGEST = 110;

const named = (from: Candidate, text: string): Candidate => ({
  ...from,
  kind: 'decision',
  label: clip(text, LONGEST),
  body: undefined,
  score: 1,
  via: { by: 'inferred', words: from.label },
});

/** How a choice is put: between things, between things to do, and where both are among them. */
const WORDED = {
  named: ['Choose between', 'and'],
  done: ['Whether to', 'or'],
  mixed: ['Which one:', 'or'],
} as const;

/** "Choose between A, B and C", or "Whether to do A, B or C", with each alternative as long as room allows. */
export function between(options: readonly Chosen[]): string {
  const labels = inPhrase(options.map(({ candidate }) => candidate));
  const verbal = options.filter(({ candidate }) => isVerbal(candidate.label)).length;
  const [lead, join] = WORDED[verbal === 0 ? 'named' : verbal === options.length ? 'done' : 'mixed'];
  const listed = (all: readonly string[]): string => `${lead} ${all.slice(0, -1).join(', ')} ${join} ${all.at(-1)}`;
  if (listed(labels).length <= LONGEST) return listed(labels);
  const room = Math.max(16, Math.floor((LONGEST - 20) / labels.length) - 2);
  return clip(listed(labels.map((each) => shortened(each, room))), LONGEST);
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
