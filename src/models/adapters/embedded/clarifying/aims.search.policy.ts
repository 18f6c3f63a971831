import { isSettling } from '../drafting/inferred-goal.policy.js';
import { asItStands, inItsWords, stated } from '../drafting/spoken.policy.js';
import type { Candidate } from '../reading/candidate.policy.js';
import type { Search } from './gap.js';
import { aimsOf } from './told.policy.js';

const GOAL_WEIGHT = 0.16;
const MEASURE_WEIGHT = 0.1;
const PRIORITY_WEIGHT = 0.05;
const MOST_CHOICES = 5;
const PRIORITY =
  /\b(?:most important|above all|priority|prioriti[sz]e|matters? most|counts? most|first of all|rather than|more important|outweighs?|before anything)\b/iu;

const labels = (found: readonly Candidate[]): string[] => found.slice(0, MOST_CHOICES).map(({ label }) => label);
const offered = (found: readonly Candidate[]) => (found.length < 2 ? {} : { choices: labels(found) });

const goal: Search = (known) => {
  const { plan, brief, subject } = known;
  if (aimsOf(known).length > 0) return [];
  const outcomes = stated(plan.outcome);
  const [guessed] = plan.goal;
  return [
    {
      weight: GOAL_WEIGHT,
      question: `What should be better once ${subject} is decided?`,
      ...offered(outcomes),
      why_we_ask:
        guessed === undefined || isSettling(guessed.candidate)
          ? `No aim was found in ${brief.length === 1 ? 'the one sentence' : `the ${brief.length} sentences`} of the brief.`
          : `No aim was found in the brief; ${inItsWords(guessed.candidate)} comes nearest to one.`,
      impacts_draft: 'The goal is what every option is measured by; without it the graph has no root.',
    },
  ];
};

const measure: Search = (known) => {
  const { said } = known;
  const goals = aimsOf(known);
  const [first] = goals;
  if (first === undefined || goals.some(({ sentence }) => sentence.quantities.length > 0)) return [];
  const answered = said.some(
    ({ source, quantities, terms }) =>
      source.kind === 'document' && quantities.length > 0 && [...first.terms].some((term) => terms.has(term)),
  );
  if (answered) return [];
  return [
    {
      weight: MEASURE_WEIGHT,
      question: `By which figure will you see that ${inItsWords(first)} is reached, and how much is enough?`,
      why_we_ask: `No number was found for the aim ${inItsWords(first)}.`,
      impacts_draft: 'With a figure, effects on the goal get a weight; without one they stay guesses.',
    },
  ];
};

const priority: Search = (known) => {
  const { said } = known;
  const aims = aimsOf(known);
  const [first, second] = aims;
  if (first === undefined || second === undefined || said.some(({ text }) => PRIORITY.test(text))) return [];
  return [
    {
      weight: PRIORITY_WEIGHT,
      question: `Which comes first when they pull apart: ${inItsWords(first)} or ${inItsWords(second)}?`,
      ...offered(aims),
      why_we_ask: `The brief names ${aims.length} aims, and no order of them was found.`,
      impacts_draft: 'The order decides which option is better where one aim is served at the cost of another.',
    },
  ];
};

const evidence: Search = ({ plan }) => {
  const [unsure] = stated(plan.outcome).filter(
    ({ hedge, quantities }) => hedge !== undefined && quantities.length === 0,
  );
  if (unsure === undefined) return [];
  return [
    {
      weight: PRIORITY_WEIGHT,
      question: `What is ${inItsWords(unsure)} based on, and how large would the effect be?`,
      why_we_ask: `It is worded with “${unsure.hedge}” and without a number in ${asItStands(unsure.sentence)}.`,
      impacts_draft: 'Evidence raises the belief of that edge; without it the edge is a hypothesis.',
    },
  ];
};

/** What is wanted, and how one would see it. */
export const AIMS: readonly Search[] = [goal, measure, priority, evidence];
