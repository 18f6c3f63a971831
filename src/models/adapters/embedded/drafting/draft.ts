import type { NodeKind, ProposedEdge, ProposedNode } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';

/** A node of the draft with what it was made from. */
export interface Drafted {
  readonly id: string;
  readonly kind: NodeKind;
  readonly candidate: Candidate;
  readonly echoes: readonly Candidate[];
  /** Terms of the label: what other statements mention when they speak of it. */
  readonly names: ReadonlySet<string>;
  readonly node: ProposedNode;
}

export type Nodes = Readonly<Record<NodeKind, readonly Drafted[]>>;

/** Why two statements belong together, from 0 (nothing) to 1. */
export interface Support {
  readonly strength: number;
  /** Terms they share. */
  readonly shared: readonly string[];
}

export interface Related {
  readonly from: Drafted;
  readonly to: Drafted;
  readonly edge: ProposedEdge;
  readonly support: Support;
}
