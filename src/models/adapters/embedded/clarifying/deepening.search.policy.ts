import { asItStands, inItsWords, stated } from '../drafting/spoken.policy.js';
import type { Search } from './gap.js';

/** Asked only where nothing else is open. */
const LAST_WEIGHT = 0;

const wrongChoice: Search = ({ plan }) =>
  stated(plan.option).map((option) => ({
    weight: LAST_WEIGHT,
    question: `What would have to happen for ${inItsWords(option)} to turn out the wrong choice?`,
    why_we_ask: `The brief says what ${inItsWords(option)} is, and no condition was found under which it fails.`,
    impacts_draft: 'The condition is drawn as a risk against this option.',
  }));

const sureness: Search = ({ plan }) =>
  [...stated(plan.outcome), ...stated(plan.factor), ...stated(plan.risk)].map((statement) => ({
    weight: LAST_WEIGHT,
    question: `How sure is it that ${inItsWords(statement)} holds, and who could confirm it?`,
    why_we_ask: `The draft rests on this ${statement.kind}, and no source for it was found in the brief.`,
    impacts_draft: 'The belief of its edges.',
  }));

const more: Search = ({ brief }) =>
  brief.map((sentence) => ({
    weight: LAST_WEIGHT,
    question: `What else should be known about ${asItStands(sentence)}?`,
    why_we_ask: 'Nothing more was found about it, and everything else has been asked.',
    impacts_draft: 'Whatever is added can become a node of its own.',
  }));

/** What can always be asked once more. */
export const DEEPENING: readonly Search[] = [wrongChoice, sureness, more];
