import type { Graph, GraphEdge, Provenance } from '../graph.schema.js';
import type { Issue } from '../issue.schema.js';
import { breakCycles, byStrength, compare } from './cycles.policy.js';
import { type CheckedEdges, checkEdges, type Edge } from './edges.policy.js';
import { layOut } from './layout.policy.js';
import { type NamedNodes, nameNodes } from './nodes.policy.js';
import { type ReadNode, type ReadProposal, readProposal } from './proposal.policy.js';
import { type Sources, verifyQuote } from './quotes.policy.js';

export interface GraphLimits {
  readonly maxNodes: number;
  readonly maxEdges: number;
}

export interface Reason {
  readonly target: string;
  readonly why: string;
  readonly provenance: Provenance | null;
}

/** What the guards saw, for judging the draft. */
export interface Findings {
  /** The model's own confidence, 0 to 1. */
  readonly claimed: number | undefined;
  readonly quotesHeld: number;
  readonly quotesLost: number;
  /** Edges that were dangling, loops, or broke a cycle. */
  readonly edgesRefused: number;
  readonly edgesKept: number;
}

export interface GuardedDraft {
  readonly graph: Graph;
  readonly rationales: readonly Reason[];
  readonly issues: readonly Issue[];
  readonly findings: Findings;
}

/** More than this many times the limit of a proposal is not even looked at. */
const LOOK_AHEAD = 20;
const REFUSALS = new Set(['edge_dangling', 'edge_invalid', 'edge_self_loop', 'cycle_broken']);

/**
 * Turns a model's answer, which may be anything, into a graph that keeps every promise of the wire contract, and says
 * what it had to change. The same answer gives the same graph.
 */
export function guardDraft(value: unknown, sources: Sources, limits: GraphLimits): GuardedDraft {
  const read = readProposal(value, { nodes: limits.maxNodes * LOOK_AHEAD, edges: limits.maxEdges * LOOK_AHEAD });
  const nodes = nameNodes(read.nodes, read.edges, limits.maxNodes);
  const checked = checkEdges(read.edges, nodes, sources);
  const { kept, broken } = breakCycles(checked.edges);
  const edges = kept.toSorted(byStrength).slice(0, limits.maxEdges);
  const reasons = explain(nodes.nodes, sources);
  const issues = [
    ...read.issues,
    ...nodes.issues,
    ...checked.issues,
    ...broken.map(cycleBroken),
    ...limitExceeded(read, nodes, checked.leftOut + kept.length - edges.length),
    ...reasons.issues,
    ...(nodes.nodes.length === 0 ? [EMPTY] : []),
  ];
  return {
    graph: assemble(nodes.nodes, edges),
    rationales: reasons.reasons,
    issues,
    findings: tally(read, checked, reasons, issues, edges.length),
  };
}

const EMPTY: Issue = { code: 'graph_empty', message: 'The model proposed nothing that could be drawn' };

const cycleBroken = ({ from, to }: Edge): Issue => ({
  code: 'cycle_broken',
  message: 'An edge was left out because it closed a cycle and was its weakest',
  target: `${from}::${to}`,
});

function limitExceeded({ unread }: ReadProposal, { nodesLeftOut }: NamedNodes, edgesLeftOut: number): Issue[] {
  const nodes = unread.nodes + nodesLeftOut;
  const edges = unread.edges + edgesLeftOut;
  if (nodes === 0 && edges === 0) return [];
  const message = `The draft was larger than the limit: ${nodes} nodes and ${edges} edges were left out, least important first`;
  return [{ code: 'graph_limit_exceeded', message }];
}

function explain(nodes: readonly ReadNode[], sources: Sources) {
  const reasons: Reason[] = [];
  const issues: Issue[] = [];
  const tally = { held: 0, lost: 0 };
  for (const { id, why, quotation } of nodes.toSorted((a, b) => compare(a.id, b.id))) {
    const provenance = quotation === undefined ? undefined : verifyQuote(quotation, sources);
    if (provenance !== undefined) tally.held += 1;
    if (quotation !== undefined && provenance === undefined) {
      tally.lost += 1;
      issues.push({ code: 'quote_not_found', message: 'A quote that is not in its source was removed', target: id });
    }
    if (why !== undefined) reasons.push({ target: id, why, provenance: provenance ?? null });
  }
  return { reasons, issues, ...tally };
}

function tally(
  { confidence }: ReadProposal,
  checked: CheckedEdges,
  nodes: { readonly held: number; readonly lost: number },
  issues: readonly Issue[],
  edgesKept: number,
): Findings {
  return {
    claimed: confidence,
    quotesHeld: checked.quotesHeld + nodes.held,
    quotesLost: checked.quotesLost + nodes.lost,
    edgesRefused: issues.filter(({ code }) => REFUSALS.has(code)).length,
    edgesKept,
  };
}

function assemble(nodes: readonly ReadNode[], links: readonly Edge[]): Graph {
  const sorted = nodes.toSorted((a, b) => compare(a.id, b.id));
  const ids = sorted.map(({ id }) => id);
  const edges = numberEdges(links);
  const entered = new Set(edges.map(({ to }) => to));
  const left = new Set(edges.map(({ from }) => from));
  return {
    version: '1',
    nodes: sorted.map(({ id, kind, label, body }) => ({ id, kind, label, ...(body === undefined ? {} : { body }) })),
    edges,
    meta: {
      roots: ids.filter((id) => !entered.has(id)),
      leaves: ids.filter((id) => !left.has(id)),
      suggested_positions: layOut(ids, edges),
      source: 'assistant',
    },
  };
}

function numberEdges(links: readonly Edge[]): GraphEdge[] {
  const counts = new Map<string, number>();
  return links
    .toSorted(byStrength)
    .map(({ from, to, weight, belief, provenance, basis }) => {
      const pair = `${from}::${to}`;
      const number = counts.get(pair) ?? 0;
      counts.set(pair, number + 1);
      return {
        id: `${pair}::${number}`,
        from,
        to,
        ...(weight === undefined ? {} : { weight }),
        ...(belief === undefined ? {} : { belief }),
        ...(provenance === undefined ? {} : { provenance }),
        provenance_source: basis,
      };
    })
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.id, b.id));
}
