import { z } from 'zod';
import { DrawnEdge, DrawnNode, DrawnUpdate, PartId } from '../../drawn-graph.schema.js';
import { Brief } from '../../text.schema.js';

export const WHY_MAX = 280;
const TOUCHED_MAX = 250;

const GivenPatch = z
  .strictObject({
    adds: z
      .strictObject({ nodes: z.array(DrawnNode).default([]), edges: z.array(DrawnEdge).default([]) })
      .default({ nodes: [], edges: [] }),
    updates: z.array(DrawnUpdate).max(TOUCHED_MAX).default([]).describe('Nodes and edges, with what is new in them'),
    removes: z.array(PartId).max(TOUCHED_MAX).default([]).describe('Ids of nodes and edges'),
  })
  .refine(
    ({ adds, updates, removes }) => adds.nodes.length + adds.edges.length + updates.length + removes.length > 0,
    'Changes nothing',
  )
  .meta({ id: 'GivenPatch' });

export const ExplainDiffRequest = z
  .strictObject({
    patch: GivenPatch,
    brief: Brief.optional().describe('What the graph is drawn from; with it words of the brief are quoted'),
  })
  .meta({
    id: 'ExplainDiffRequest',
    examples: [
      {
        patch: {
          adds: { nodes: [{ id: 'risk-2', kind: 'risk', label: 'Too few volunteers can be found' }], edges: [] },
          updates: [{ id: 'option-1::goal-1::0', belief: 0.4 }],
          removes: ['factor-3'],
        },
        brief: 'Should the library open on Sundays? A risk is that too few volunteers can be found for it.',
      },
    ],
  });
export type ExplainDiffRequest = z.infer<typeof ExplainDiffRequest>;

const DiffRationale = z
  .object({
    target: z.string().describe('Id of a node or edge of the patch'),
    why: z.string().min(1).max(WHY_MAX),
    provenance_source: z
      .enum(['document', 'metric', 'hypothesis', 'engine'])
      .optional()
      .describe(
        '`document`: words of the brief; `metric`: a figure of it; `hypothesis`: nobody says so; `engine`: the patch itself',
      ),
  })
  .meta({ id: 'DiffRationale' });

export const ExplainDiffAnswer = z
  .object({ rationales: z.array(DiffRationale).describe('In the order of the patch: added, updated, removed') })
  .meta({
    id: 'ExplainDiffAnswer',
    examples: [
      {
        rationales: [
          {
            target: 'risk-2',
            why: 'Adds the risk “Too few volunteers can be found”: the brief says “A risk is that too few volunteers can be found for it”.',
            provenance_source: 'document',
          },
        ],
      },
    ],
  });
export type ExplainDiffAnswer = z.infer<typeof ExplainDiffAnswer>;
