import { z } from 'zod';
import { NodeKind } from '../draft-graph.schema.js';

/** What an edge rests on. */
export const EdgeBasis = z.enum(['document', 'metric', 'hypothesis', 'engine']);
export type EdgeBasis = z.infer<typeof EdgeBasis>;

/** A node somebody drew: nothing is promised about it. */
export const DrawnNode = z.object({
  id: z.string(),
  kind: NodeKind,
  label: z.string(),
  body: z.string().optional(),
});
export type DrawnNode = z.infer<typeof DrawnNode>;

/** An edge somebody drew: its ends may be missing, and its quote invented. */
export const DrawnEdge = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  weight: z.number().optional(),
  belief: z.number().optional(),
  provenance: z.object({ source: z.string(), quote: z.string() }).optional(),
  provenance_source: EdgeBasis.optional(),
});
export type DrawnEdge = z.infer<typeof DrawnEdge>;
