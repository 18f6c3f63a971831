import { z } from 'zod';
import { NodeKind } from '#src/models/index.js';

export const Provenance = z
  .object({
    source: z.string().describe('"brief" or the id of an attachment'),
    quote: z.string().max(100).describe('Words that stand literally in the source'),
    location: z
      .string()
      .describe(
        'Where they stand: "chars 120-180", "page 2, chars 120-180" (PDF) or "summary chars 0-40" (CSV). ' +
          'Unicode code points from 0, the end not included, of the brief, of the text read from the file, or of the summary in `diagnostics`',
      ),
  })
  .meta({ id: 'Provenance' });
export type Provenance = z.infer<typeof Provenance>;

export const GraphNode = z
  .object({ id: z.string(), kind: NodeKind, label: z.string().max(120), body: z.string().max(200).optional() })
  .meta({ id: 'GraphNode' });
export type GraphNode = z.infer<typeof GraphNode>;

export const GraphEdge = z
  .object({
    id: z.string().describe('"from::to::n"; n counts edges between the same two nodes from 0'),
    from: z.string(),
    to: z.string(),
    weight: z.number().min(-1).max(1).optional().describe('Strength and direction of the influence'),
    belief: z.number().min(0).max(1).optional().describe('How likely the influence is real'),
    provenance: Provenance.optional(),
    provenance_source: z.enum(['document', 'metric', 'hypothesis', 'engine']).optional(),
  })
  .meta({ id: 'GraphEdge' });
export type GraphEdge = z.infer<typeof GraphEdge>;

export const Positions = z
  .record(z.string(), z.object({ x: z.int(), y: z.int() }))
  .describe('Node id to a place on a canvas; layers grow downwards');
export type Positions = z.infer<typeof Positions>;

export const Graph = z
  .object({
    version: z.literal('1'),
    nodes: z.array(GraphNode).describe('Sorted by id'),
    edges: z.array(GraphEdge).describe('Sorted by from, to, id; acyclic; every end is a node'),
    meta: z.object({
      roots: z.array(z.string()).describe('Nodes nothing leads to'),
      leaves: z.array(z.string()).describe('Nodes that lead nowhere'),
      suggested_positions: Positions,
      source: z.literal('assistant'),
    }),
  })
  .meta({ id: 'Graph' });
export type Graph = z.infer<typeof Graph>;

export const GraphPatch = z
  .object({
    adds: z.object({ nodes: z.array(GraphNode), edges: z.array(GraphEdge) }),
    updates: z.array(z.union([GraphEdge, GraphNode])),
    removes: z.array(z.string()).describe('Ids of nodes and edges'),
  })
  .meta({ id: 'GraphPatch' });
export type GraphPatch = z.infer<typeof GraphPatch>;
