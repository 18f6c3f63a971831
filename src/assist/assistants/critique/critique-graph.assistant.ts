import { CRITIQUE_GRAPH } from '#src/models/index.js';
import { DATA_RULE, dataPrompt, listed } from '../../data-prompt.policy.js';
import { nameEdges } from '../../drawn-graph.schema.js';
import type { Assistant } from '../assistant.js';
import type { CritiqueGraphAnswer, CritiqueGraphRequest } from './critique-graph.schema.js';
import { guardCritique } from './critique-guards.policy.js';

const SYSTEM = [
  'You criticise decision graphs: goals, decisions, options, and what each leads to, risks, or depends on.',
  DATA_RULE,
  '- BLOCKER: nobody can decide by this graph (a cycle, an edge to nothing, no goal, an invented quote).',
  '- IMPROVEMENT: it misleads or lacks something. OBSERVATION: worth knowing.',
  '- Give the id of the node or edge as target, and name it by its label in the note.',
  '- Where there is a brief, look for what it says and the graph does not, and for what the graph makes up.',
  '- Each fix is one change somebody can make to the graph.',
].join('\n');

export const critiqueGraph: Assistant<CritiqueGraphRequest, typeof CRITIQUE_GRAPH, CritiqueGraphAnswer> = {
  kind: 'critique-graph',
  task: CRITIQUE_GRAPH,
  system: SYSTEM,
  size: ({ graph: { nodes, edges } }) => ({ nodes: nodes.length, edges: edges.length }),
  ids: ({ graph: { nodes, edges } }) => [...nodes, ...nameEdges(edges)].map(({ id }) => id),
  input: ({ graph: { nodes, edges }, brief, focus_areas = [] }) => ({
    nodes,
    edges: nameEdges(edges),
    focus: focus_areas,
    ...(brief === undefined ? {} : { brief }),
  }),
  prompt: ({ nodes, edges, brief = '', focus }) =>
    dataPrompt('Criticise this graph.', [
      { name: 'GRAPH', text: JSON.stringify({ nodes, edges }) },
      { name: 'BRIEF', text: brief },
      { name: 'LOOK FIRST AT', text: listed(focus) },
    ]),
  answer: guardCritique,
};
