import type { SUGGEST_OPTIONS, TaskInput } from '#src/models/index.js';
import type { SuggestOptionsRequest } from './suggest-options.schema.js';

type Known = TaskInput<typeof SUGGEST_OPTIONS>['known'];

/** What the summary of a graph says, in either of its forms. */
export function knownOf({ graph_summary: summary = {} }: SuggestOptionsRequest): Known {
  const nothing = { text: '', options: [], outcomes: [], risks: [], actions: [], factors: [] };
  if (typeof summary === 'string') return { ...nothing, text: summary };
  const { existing_options: options = [], outcomes = [], risks = [], actions = [], factors = [] } = summary;
  return { text: '', options, outcomes, risks, actions, factors };
}
