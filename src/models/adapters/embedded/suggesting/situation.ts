import type { ProposedOption, SUGGEST_OPTIONS } from '../../../tasks/suggest-options.schema.js';
import type { TaskInput } from '../../../tasks/task.js';
import type { Aim } from './aim.policy.js';

/** All that is known when options are made; `known` holds what a summary in words states, too. */
export interface Situation extends TaskInput<typeof SUGGEST_OPTIONS> {
  readonly aim: Aim;
  /** Ways the goal itself names, with its words. */
  readonly named: readonly { readonly label: string; readonly words: string }[];
}

/** Makes options of one sort, as many as the situation has words for. */
export type Maker = (situation: Situation) => readonly ProposedOption[];
