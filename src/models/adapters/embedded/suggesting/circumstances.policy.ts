import { sharedTerms } from '../drafting/vocabulary.policy.js';
import { isDated, quantities } from '../text/quantities.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { terms, words } from '../text/words.policy.js';
import type { Situation } from './situation.js';

const SHOWN = 70;
const shown = (text: string): string => excerpt(text, SHOWN);

const isMoney = (text: string): boolean =>
  /\b(?:budget|costs?|money|spend|price)\b/iu.test(text) || quantities(text, 0).some(({ unit }) => unit === 'money');
const isTime = (text: string): boolean => isDated(text) || /\b(?:deadline|weeks?|months?|hours?|days?)\b/iu.test(text);

/** The constraint that money has to do with, or time. */
export const moneyLimit = ({ constraints }: Situation): string | undefined => constraints.find(isMoney);
export const timeLimit = ({ constraints, aim }: Situation): string | undefined =>
  aim.time ?? constraints.find((each) => !isMoney(each) && isTime(each));

interface Near {
  readonly text: string;
  /** How many words it shares with the title. */
  readonly common: number;
}

/**
 * The one of `texts` that speaks most of the same things as the title; the one at `turn` where none does. What the
 * title itself is about is left out.
 */
function nearest(title: string, texts: readonly string[], turn: number): Near | undefined {
  const own = terms(words(title, 0));
  const rated = texts
    .map((text) => ({ text, said: terms(words(text, 0)) }))
    .map(({ text, said }) => ({ text, size: said.size, common: sharedTerms(own, said).length }))
    .filter(({ size, common }) => common === 0 || common < size);
  const best = rated.toSorted((a, b) => b.common - a.common)[0];
  return best === undefined || best.common > 0 ? best : rated[turn % rated.length];
}

/** Points about what is near; what has no word in common is told of every second option only. */
const told = (near: Near | undefined, isTurn: boolean, say: (text: string) => string): string[] =>
  near !== undefined && (near.common > 0 || isTurn) ? [say(shown(near.text))] : [];

/** What speaks for any option here: an outcome that is known already. */
export const knownGain = (title: string, { known }: Situation, turn: number): string[] =>
  told(
    nearest(title, known.outcomes, turn),
    turn % 2 === 0,
    (outcome) => `May bring ${outcome}, which the graph counts on`,
  );

/** What speaks against any option here: a constraint to keep, and a risk that is known already. */
export const knownLimits = (title: string, { known, constraints }: Situation, turn: number): string[] => [
  ...told(nearest(title, constraints, turn), turn % 2 === 0, (constraint) => `Has to respect ${constraint}`),
  ...told(nearest(title, known.risks, turn), turn % 2 === 1, (risk) => `Does nothing by itself about ${risk}`),
];

/** What to find out about any option here: the condition nearest to it, and what has been begun. */
export const knownTests = (title: string, { known, constraints }: Situation, turn: number): string[] => [
  ...told(
    nearest(title, [...known.factors, ...constraints], turn),
    turn % 2 === 1,
    (condition) => `Whether it can be done under ${condition}`,
  ),
  ...told(nearest(title, known.actions, turn), turn % 2 === 0, (action) => `What ${action} has shown so far`),
];
