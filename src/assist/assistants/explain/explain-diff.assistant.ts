import { EXPLAIN_DIFF } from '#src/models/index.js';
import { DATA_RULE, dataPrompt } from '../../data-prompt.policy.js';
import { nameEdges } from '../../drawn-graph.schema.js';
import type { Assistant } from '../assistant.js';
import type { ExplainDiffAnswer, ExplainDiffRequest } from './explain-diff.schema.js';
import { explainsSomething, guardRationales } from './explain-guards.policy.js';

const SYSTEM = [
  'You explain a change to a decision graph: why each node and edge is added, updated or removed.',
  DATA_RULE,
  '- One reason for each id of the patch, from what the patch holds and what the brief says. No other ids.',
  '- Copy a quotation letter by letter from the brief, at most 100 characters, with the source "brief"; leave it out otherwise.',
  '- provenance_source: "document" or "metric" only with a quotation; "hypothesis" when nobody says so.',
].join('\n');

const NOTHING = 'No rationale has a target of the patch';

export const explainDiff: Assistant<ExplainDiffRequest, typeof EXPLAIN_DIFF, ExplainDiffAnswer> = {
  kind: 'explain-diff',
  task: EXPLAIN_DIFF,
  system: SYSTEM,
  size: ({ patch: { adds } }) => ({ nodes: adds.nodes.length, edges: adds.edges.length }),
  ids: ({ patch: { adds, updates, removes } }) => [
    ...[...adds.nodes, ...nameEdges(adds.edges), ...updates].map(({ id }) => id),
    ...removes,
  ],
  input: ({ patch: { adds, updates, removes }, brief }) => ({
    adds: { nodes: adds.nodes, edges: nameEdges(adds.edges) },
    updates,
    removes,
    ...(brief === undefined ? {} : { brief }),
  }),
  prompt: ({ brief = '', ...patch }) =>
    dataPrompt('Explain this patch.', [
      { name: 'PATCH', text: JSON.stringify(patch) },
      { name: 'BRIEF', text: brief },
    ]),
  proposal: (request) => EXPLAIN_DIFF.proposal.refine((proposal) => explainsSomething(request, proposal), NOTHING),
  answer: guardRationales,
};
