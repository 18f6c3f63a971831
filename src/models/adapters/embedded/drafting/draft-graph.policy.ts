import { type DraftInput, type DraftProposal, NodeKind } from '../../../draft-graph.schema.js';
import type { Sentence } from '../reading/source.js';
import { acyclic } from './acyclic.policy.js';
import { confidenceOf, legibility } from './confidence.policy.js';
import { corroborated } from './corroboration.policy.js';
import type { Nodes, Related } from './draft.js';
import { gather } from './gather.policy.js';
import { draftNodes } from './nodes.policy.js';
import { type Plan, plan } from './plan.policy.js';
import {
  actionEdges,
  decisionEdges,
  factorEdges,
  goalEdges,
  outcomeEdges,
  purposeEdges,
  riskEdges,
} from './relations.policy.js';
import type { Chosen } from './selection.policy.js';
import { sourcesOf } from './sources.policy.js';
import type { Vocabulary } from './vocabulary.policy.js';

/** The draft so far (its lists only ever grow at the end), or undefined where nothing was added and the work may only pause. */
export type Growth = Omit<DraftProposal, 'confidence'> | undefined;

const AT_ONCE = 2;
const NOTHING: Nodes = { goal: [], decision: [], option: [], outcome: [], risk: [], action: [], factor: [] };
const EDGES = [decisionEdges, outcomeEdges, riskEdges, goalEdges, actionEdges, factorEdges, purposeEdges] as const;

/** Nodes kind by kind, goal and decision first, a few at a time. */
function* growNodes(planned: Plan, documents: readonly Sentence[], known: Vocabulary): Generator<Growth, Nodes> {
  let nodes = NOTHING;
  for (const kind of NodeKind.options) {
    const about = [...nodes.decision, ...nodes.goal].map(({ candidate }) => candidate);
    const backed: Chosen[] = [];
    for (const each of planned[kind]) {
      backed.push(corroborated(each, documents, known));
      yield undefined;
    }
    const drafted = draftNodes(kind, backed, about, known);
    for (let count = AT_ONCE; count < drafted.length + AT_ONCE; count += AT_ONCE) {
      nodes = { ...nodes, [kind]: drafted.slice(0, count) };
      yield listed(nodes, []);
    }
  }
  return nodes;
}

/** Edges by what they connect; each lot is kept free of circles with those before it. */
function* growEdges(nodes: Nodes, known: Vocabulary): Generator<Growth, readonly Related[]> {
  let relations: readonly Related[] = [];
  for (const connect of EDGES) {
    const added = acyclic(relations, connect(nodes, known, relations));
    if (added.length === 0) continue;
    relations = [...relations, ...added];
    yield listed(nodes, relations);
  }
  return relations;
}

const listed = (nodes: Nodes, relations: readonly Related[]): Omit<DraftProposal, 'confidence'> => ({
  nodes: NodeKind.options.flatMap((kind) => nodes[kind].map(({ node }) => node)),
  edges: relations.map(({ edge }) => edge),
});

/**
 * Reads a brief and its documents and drafts the graph they describe. Yields the draft as it grows (goal and decision first, then
 * the other nodes, then edges) and `undefined` where it can be paused; returns the whole draft. The same input gives the same draft.
 */
export function* draftGraph(input: DraftInput): Generator<Growth, DraftProposal> {
  const sources = sourcesOf(input);
  const gathered = yield* gather(sources);
  yield undefined;
  const { vocabulary: known, sentences } = gathered;
  const [brief] = sources;
  const planned = plan(gathered, brief);
  yield undefined;
  const documents = sentences.filter(({ source, addressed }) => source.kind === 'document' && !addressed);
  const nodes = yield* growNodes(planned, documents, known);
  const relations = yield* growEdges(nodes, known);
  return { ...listed(nodes, relations), confidence: confidenceOf(nodes, relations, legibility(sentences)) };
}
