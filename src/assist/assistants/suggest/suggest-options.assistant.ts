import { SUGGEST_OPTIONS } from '#src/models/index.js';
import { constraintSentences } from '../../constraints.policy.js';
import { DATA_RULE, dataPrompt, listed } from '../../data-prompt.policy.js';
import type { Assistant } from '../assistant.js';
import { knownOf } from './known.policy.js';
import { guardOptions, offersEnough } from './suggest-guards.policy.js';
import type { SuggestOptionsAnswer, SuggestOptionsRequest } from './suggest-options.schema.js';

const SYSTEM = [
  'You suggest ways to reach a goal.',
  DATA_RULE,
  '- Three to five options that differ in what is done, not in how much of it. One may be to wait or to test first.',
  '- None that is known already. None that breaks a constraint without saying so among its cons.',
  '- Reasons, and the evidence to gather, speak of this goal, its constraints and its figures.',
].join('\n');

const FEW = 'Fewer than three options are new, differ from each other, and have pros, cons and evidence to gather';

export const suggestOptions: Assistant<SuggestOptionsRequest, typeof SUGGEST_OPTIONS, SuggestOptionsAnswer> = {
  kind: 'suggest-options',
  task: SUGGEST_OPTIONS,
  system: SYSTEM,
  input: (request) => ({
    goal: request.goal,
    constraints: constraintSentences(request.constraints),
    known: knownOf(request),
  }),
  prompt: ({ goal, constraints, known }) =>
    dataPrompt('Suggest options.', [
      { name: 'GOAL', text: goal },
      { name: 'CONSTRAINTS', text: listed(constraints) },
      { name: 'GRAPH', text: known.text },
      { name: 'KNOWN OPTIONS', text: listed(known.options) },
      { name: 'OUTCOMES', text: listed(known.outcomes) },
      { name: 'RISKS', text: listed(known.risks) },
      { name: 'ACTIONS', text: listed(known.actions) },
      { name: 'FACTORS', text: listed(known.factors) },
    ]),
  proposal: (request) => SUGGEST_OPTIONS.proposal.refine((proposal) => offersEnough(request, proposal), FEW),
  answer: guardOptions,
};
