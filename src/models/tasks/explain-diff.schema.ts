import { z } from 'zod';
import { Quotation } from '../draft-graph.schema.js';
import { DrawnEdge, DrawnNode, EdgeBasis } from './graph-parts.schema.js';
import type { Task } from './task.js';

/** A node or an edge with some of its parts given anew; nothing but `id` is certain to be there. */
const Update = z.object({
  ...DrawnNode.partial().shape,
  ...DrawnEdge.partial().shape,
  id: z.string(),
});
export type Update = z.infer<typeof Update>;

const ProposedRationale = z.object({
  target: z.string().describe('Id of a node or edge of the patch'),
  why: z.string().min(1).describe('Why it changes, from the patch and the brief; at most 280 characters'),
  provenance_source: EdgeBasis.optional().describe('"document" and "metric" only with a quotation'),
  quotation: Quotation.optional(),
});
export type ProposedRationale = z.infer<typeof ProposedRationale>;

/** Why each part of a patch is there. */
export const EXPLAIN_DIFF = {
  name: 'explain_diff',
  input: z.object({
    adds: z.object({ nodes: z.array(DrawnNode), edges: z.array(DrawnEdge) }),
    updates: z.array(Update),
    removes: z.array(z.string()),
    brief: z.string().optional(),
  }),
  proposal: z.object({
    rationales: z.array(ProposedRationale).min(1).describe('One for each node and edge of the patch'),
  }),
} as const satisfies Task;
