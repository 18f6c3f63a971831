import { CLARIFY_BRIEF } from '#src/models/index.js';
import { DATA_RULE, dataPrompt, listed } from '../../data-prompt.policy.js';
import type { Assistant } from '../assistant.js';
import type { ClarifyBriefAnswer, ClarifyBriefRequest } from './clarify-brief.schema.js';
import { asksSomething, guardQuestions } from './clarify-guards.policy.js';

const PROPOSAL = CLARIFY_BRIEF.proposal.refine(asksSomething, 'Every question is blank, or gives no reason');

const SYSTEM = [
  'You ask what a decision brief leaves open, so that a decision graph can be drafted from it.',
  DATA_RULE,
  '- Look for: who decides, by when, the budget, how success is measured, the alternatives, what must not change,',
  '  vague words, numbers without a unit, and statements that contradict each other.',
  '- Each question names the words of the brief it is about, and can be answered in a sentence.',
  '- Never ask again what was asked before; use what was answered.',
  '- Offer choices only where the brief itself holds them. State your confidence honestly.',
].join('\n');

export const clarifyBrief: Assistant<ClarifyBriefRequest, typeof CLARIFY_BRIEF, ClarifyBriefAnswer> = {
  kind: 'clarify-brief',
  task: CLARIFY_BRIEF,
  system: SYSTEM,
  input: ({ brief, round, previous_answers = [] }) => ({ brief, round, answers: previous_answers }),
  prompt: ({ brief, round, answers }) =>
    dataPrompt(`Ask one to five questions. This is round ${round + 1} of 3.`, [
      { name: 'BRIEF', text: brief },
      {
        name: 'ASKED BEFORE',
        text: listed(answers.map(({ question, answer }) => `${question} Answer: ${answer || 'nobody knew'}`)),
      },
    ]),
  proposal: () => PROPOSAL,
  answer: guardQuestions,
};
