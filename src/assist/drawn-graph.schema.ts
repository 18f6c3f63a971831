import { z } from 'zod';
import { NodeKind } from '#src/models/index.js';
import { text } from './text.schema.js';

const ID_MAX = 128;
const EDGE_ID_MAX = 2 * ID_MAX + 16;
const LABEL_MAX = 120;
const BODY_MAX = 200;
const QUOTE_MAX = 100;
const LOCATION_MAX = 100;

export const NodeId = text(1, ID_MAX);
/** Of a node or an edge. */
export const PartId = text(1, EDGE_ID_MAX);

const Drawn = {
  label: text(1, LABEL_MAX),
  body: text(0, BODY_MAX),
  weight: z.number().describe('Strength and direction of the influence, -1 to 1'),
  belief: z.number().min(0).max(1).describe('How likely the influence is real'),
  provenance: z.strictObject({
    source: text(1, ID_MAX),
    quote: text(1, QUOTE_MAX),
    location: text(0, LOCATION_MAX).optional(),
  }),
  provenance_source: z.enum(['document', 'metric', 'hypothesis', 'engine']),
} as const;

/** A node as a caller draws it: nothing is promised about how it fits the others. */
export const DrawnNode = z
  .strictObject({ id: NodeId, kind: NodeKind, label: Drawn.label, body: Drawn.body.optional() })
  .meta({ id: 'DrawnNode' });
export type DrawnNode = z.infer<typeof DrawnNode>;

/** An edge as a caller draws it: its ends may be missing. */
export const DrawnEdge = z
  .strictObject({
    id: PartId.optional().describe('"from::to::n"; made up when left out'),
    from: NodeId,
    to: NodeId,
    weight: Drawn.weight.optional(),
    belief: Drawn.belief.optional(),
    provenance: Drawn.provenance.optional(),
    provenance_source: Drawn.provenance_source.optional(),
  })
  .meta({ id: 'DrawnEdge' });
export type DrawnEdge = z.infer<typeof DrawnEdge>;

/** A node or an edge with the parts that are given anew. */
export const DrawnUpdate = z
  .strictObject({
    id: PartId,
    kind: NodeKind.optional(),
    label: Drawn.label.optional(),
    body: Drawn.body.optional(),
    from: NodeId.optional(),
    to: NodeId.optional(),
    weight: Drawn.weight.optional(),
    belief: Drawn.belief.optional(),
    provenance: Drawn.provenance.optional(),
    provenance_source: Drawn.provenance_source.optional(),
  })
  .meta({ id: 'DrawnUpdate' });
export type DrawnUpdate = z.infer<typeof DrawnUpdate>;

export type NamedEdge = DrawnEdge & { readonly id: string };

/** The same edges, each with an id: `from::to::n` where none was given, n counting from 0. */
export function nameEdges(edges: readonly DrawnEdge[]): NamedEdge[] {
  const taken = new Set(edges.flatMap(({ id }) => id ?? []));
  return edges.map((edge) => {
    if (edge.id !== undefined) return { ...edge, id: edge.id };
    let number = 0;
    while (taken.has(`${edge.from}::${edge.to}::${number}`)) number += 1;
    const id = `${edge.from}::${edge.to}::${number}`;
    taken.add(id);
    return { ...edge, id };
  });
}
