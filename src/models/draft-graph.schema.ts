import { z } from 'zod';

/** What every drafting engine is asked for and must answer with: a proposal, before the graph guards have seen it. */

export const NodeKind = z.enum(['goal', 'decision', 'option', 'outcome', 'risk', 'action', 'factor']);
export type NodeKind = z.infer<typeof NodeKind>;

/** Words copied from a source, and where they stand: `brief`, or the attachment's id. */
export const Quotation = z.object({
  source: z.string().describe('"brief" or the id of a document'),
  quote: z.string().max(100).describe('Words copied literally from the source'),
});
export type Quotation = z.infer<typeof Quotation>;

export const ProposedNode = z.object({
  id: z.string().min(1).max(64).describe('Short and unique, e.g. "option-1"'),
  kind: NodeKind,
  label: z.string().min(1).max(120),
  body: z.string().max(200).optional(),
  why: z.string().min(1).max(280).describe('Why this belongs in the decision'),
  quotation: Quotation.optional(),
});
export type ProposedNode = z.infer<typeof ProposedNode>;

export const ProposedEdge = z.object({
  from: z.string(),
  to: z.string(),
  weight: z.number().min(-1).max(1).optional().describe('Strength and direction of the influence'),
  belief: z.number().min(0).max(1).optional().describe('How likely the influence is real'),
  basis: z.enum(['document', 'metric', 'hypothesis', 'engine']).optional(),
  quotation: Quotation.optional(),
});
export type ProposedEdge = z.infer<typeof ProposedEdge>;

export const DraftProposal = z.object({
  nodes: z.array(ProposedNode),
  edges: z.array(ProposedEdge),
  confidence: z.number().min(0).max(1),
});
export type DraftProposal = z.infer<typeof DraftProposal>;

/** Text of one document as far as it is used: at most 5,000 characters. CSV arrives as its summary. */
export interface DraftDocument {
  readonly id: string;
  readonly kind: 'pdf' | 'csv' | 'txt' | 'md';
  readonly name: string;
  readonly text: string;
}

/** The input of the task `draft_graph`. */
export interface DraftInput {
  readonly brief: string;
  readonly documents: readonly DraftDocument[];
  /** The caller's constraints, as plain sentences. */
  readonly constraints: readonly string[];
  readonly limits: { readonly maxNodes: number; readonly maxEdges: number };
}

export const DRAFT_GRAPH = 'draft_graph';
