import { z } from 'zod';
import { DrawnEdge, DrawnNode } from './graph-parts.schema.js';
import type { Task } from './task.js';

export const CritiqueLevel = z.enum(['BLOCKER', 'IMPROVEMENT', 'OBSERVATION']);
export type CritiqueLevel = z.infer<typeof CritiqueLevel>;

export const GraphQuality = z.enum(['poor', 'fair', 'good', 'excellent']);
export type GraphQuality = z.infer<typeof GraphQuality>;

const ProposedRemark = z.object({
  level: CritiqueLevel,
  note: z.string().min(1).describe('What is wrong, naming the parts it is about; 10 to 280 characters'),
  target: z.string().optional().describe('Id of the node or edge it is about; left out when it is the whole graph'),
});
export type ProposedRemark = z.infer<typeof ProposedRemark>;

/** What is wrong with a decision graph. */
export const CRITIQUE_GRAPH = {
  name: 'critique_graph',
  input: z.object({
    nodes: z.array(DrawnNode),
    edges: z.array(DrawnEdge),
    brief: z.string().optional(),
    /** What the caller wants looked at; nothing: everything. */
    focus: z.array(z.string()),
  }),
  proposal: z.object({
    issues: z.array(ProposedRemark).describe('The worst first'),
    suggested_fixes: z.array(z.string().min(1)).describe('At most five, each one change to the graph'),
    overall_quality: GraphQuality,
  }),
} as const satisfies Task;
