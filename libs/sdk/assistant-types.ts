import type { Constraint, GraphEdge, GraphNode, NodeKind, Provenance } from './types.js';

/** Shapes of the assistants around a draft. */

export interface ClarifyRequest {
  /** The decision in words, 30 to 5000 characters. */
  readonly brief: string;
  /** How often was asked before: 0, 1 or 2; 0 when left out. */
  readonly round?: number;
  /** What was asked before, and what was said to it; empty where nobody knew. */
  readonly previous_answers?: readonly { readonly question: string; readonly answer: string }[];
}

export interface BriefQuestions {
  /** One to five, the most important first. */
  readonly questions: readonly {
    readonly question: string;
    /** Answers the brief suggests. */
    readonly choices?: readonly string[];
    readonly why_we_ask: string;
    /** What the answer changes in the graph. */
    readonly impacts_draft: string;
  }[];
  /** How well a graph could be drafted already, 0 to 1. */
  readonly confidence: number;
  /** Whether another round is worth it. */
  readonly should_continue: boolean;
  readonly round: number;
}

/** An edge that somebody draws; its id is made up when left out. */
export type DrawnEdge = Omit<GraphEdge, 'id' | 'provenance'> & {
  readonly id?: string;
  readonly provenance?: Omit<Provenance, 'location'> & { readonly location?: string };
};

export interface CritiqueRequest {
  /** As a draft has it; `nodes` and `edges` are enough. */
  readonly graph: { readonly nodes: readonly GraphNode[]; readonly edges: readonly DrawnEdge[] };
  /** What the graph was drawn from. */
  readonly brief?: string;
  /** `structure`, `completeness`, `feasibility`, `provenance`, or words of the graph. */
  readonly focus_areas?: readonly string[];
}

export interface Critique {
  /** The worst first. */
  readonly issues: readonly {
    readonly level: 'BLOCKER' | 'IMPROVEMENT' | 'OBSERVATION';
    readonly note: string;
    /** Id of the node or edge; absent when it is the whole graph. */
    readonly target?: string;
  }[];
  /** At most five. */
  readonly suggested_fixes: readonly string[];
  readonly overall_quality: 'poor' | 'fair' | 'good' | 'excellent';
}

export interface OptionsRequest {
  /** 5 to 500 characters. */
  readonly goal: string;
  readonly constraints?: readonly string[] | Readonly<Record<string, Constraint>>;
  /** What is in the graph already, in words or as labels by kind. */
  readonly graph_summary?:
    | string
    | {
        readonly existing_options?: readonly string[];
        readonly outcomes?: readonly string[];
        readonly risks?: readonly string[];
        readonly actions?: readonly string[];
        readonly factors?: readonly string[];
      };
}

export interface SuggestedOptions {
  /** Three to five, no two alike. */
  readonly options: readonly {
    readonly id: string;
    readonly title: string;
    readonly pros: readonly string[];
    readonly cons: readonly string[];
    readonly evidence_to_gather: readonly string[];
  }[];
}

/** A node or an edge with the parts that are given anew. */
export type DrawnUpdate = { readonly id: string; readonly kind?: NodeKind } & Partial<
  Omit<GraphNode, 'id' | 'kind'> & Omit<DrawnEdge, 'id'>
>;

export interface ExplainRequest {
  /** What is left out counts as empty; a patch of a draft can be sent as it is. */
  readonly patch: {
    readonly adds?: { readonly nodes?: readonly GraphNode[]; readonly edges?: readonly DrawnEdge[] };
    readonly updates?: readonly DrawnUpdate[];
    /** Ids of nodes and edges. */
    readonly removes?: readonly string[];
  };
  readonly brief?: string;
}

export interface DiffExplanation {
  /** In the order of the patch: added, updated, removed. */
  readonly rationales: readonly {
    /** Id of a node or edge of the patch. */
    readonly target: string;
    readonly why: string;
    readonly provenance_source?: 'document' | 'metric' | 'hypothesis' | 'engine';
  }[];
}
