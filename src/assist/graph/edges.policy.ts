import type { Provenance } from '../graph.schema.js';
import type { Issue } from '../issue.schema.js';
import type { NamedNodes } from './nodes.policy.js';
import type { ReadEdge } from './proposal.policy.js';
import { type Sources, verifyQuote } from './quotes.policy.js';
import { oneLine, shorten } from './text.policy.js';

/** An edge between two nodes of the graph, its quote checked. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly weight: number | undefined;
  readonly belief: number | undefined;
  readonly provenance: Provenance | undefined;
  readonly basis: 'document' | 'metric' | 'hypothesis' | 'engine';
}

export interface CheckedEdges {
  readonly edges: readonly Edge[];
  /** Edges of nodes over the limit. */
  readonly leftOut: number;
  readonly quotesLost: number;
  readonly quotesHeld: number;
  readonly issues: readonly Issue[];
}

const UNKNOWN_BELIEF = 0.5;
const UNKNOWN_WEIGHT = 0.5;
/** An edge whose quote was not there is believed half as much. */
const UNPROVEN = 0.5;

/** How much an edge says, 0 to 1. */
export const strength = ({ weight, belief }: Pick<Edge, 'weight' | 'belief'>): number =>
  (belief ?? UNKNOWN_BELIEF) * Math.abs(weight ?? UNKNOWN_WEIGHT);

/** Keeps edges between nodes of the graph, checks their quotes, and merges those that say the same. */
export function checkEdges(proposed: readonly ReadEdge[], nodes: NamedNodes, sources: Sources): CheckedEdges {
  const issues: Issue[] = [];
  const edges = new Map<string, Edge>();
  const tally = { leftOut: 0, quotesLost: 0, quotesHeld: 0 };
  for (const read of proposed) {
    const ends = connect(read, nodes, issues);
    if (ends === 'left_out') tally.leftOut += 1;
    if (ends === undefined || ends === 'left_out') continue;
    const edge = withProof(read, ends, sources, issues);
    if (read.quotation !== undefined) tally[edge.provenance === undefined ? 'quotesLost' : 'quotesHeld'] += 1;
    const key = JSON.stringify([edge.from, edge.to, edge.provenance?.source, edge.provenance?.quote]);
    const twin = edges.get(key);
    if (twin !== undefined)
      issues.push({ code: 'edge_merged', message: 'An edge proposed twice was merged', target: name(edge) });
    if (twin === undefined || strength(edge) > strength(twin)) edges.set(key, edge);
  }
  return { edges: [...edges.values()], ...tally, issues };
}

const name = ({ from, to }: { readonly from: string; readonly to: string }): string => `${from}::${to}`;

function connect(
  read: ReadEdge,
  { ids, leftOut }: NamedNodes,
  issues: Issue[],
): { from: string; to: string } | 'left_out' | undefined {
  const from = ids.get(read.from);
  const to = ids.get(read.to);
  if (from === undefined || to === undefined) {
    const known = [read.from, read.to].every((end) => ids.has(end) || leftOut.has(end));
    if (known) return 'left_out';
    const target = `${label(read.from)}::${label(read.to)}`;
    issues.push({ code: 'edge_dangling', message: 'An edge to a node that does not exist was left out', target });
    return undefined;
  }
  if (from !== to) return { from, to };
  issues.push({ code: 'edge_self_loop', message: 'An edge from a node to itself was left out', target: from });
  return undefined;
}

const label = (id: string): string => shorten(oneLine(id), 64);

function withProof(read: ReadEdge, ends: { from: string; to: string }, sources: Sources, issues: Issue[]): Edge {
  const { weight, belief, basis, quotation } = read;
  const provenance = quotation === undefined ? undefined : verifyQuote(quotation, sources);
  if (provenance !== undefined) {
    const kind = sources.get(provenance.source)?.kind === 'csv' ? 'metric' : 'document';
    return { ...ends, weight, belief, provenance, basis: basis ?? kind };
  }
  const proven = basis === 'engine' ? basis : 'hypothesis';
  if (quotation === undefined) return { ...ends, weight, belief, provenance, basis: proven };
  issues.push({
    code: 'quote_not_found',
    message: 'A quote that is not in its source was removed',
    target: name(ends),
  });
  return { ...ends, weight, belief: round((belief ?? UNKNOWN_BELIEF) * UNPROVEN), provenance, basis: proven };
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
