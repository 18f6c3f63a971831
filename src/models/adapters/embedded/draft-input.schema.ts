import { z } from 'zod';

/** The input of `draft_graph` as it arrives: checked here, because a request carries it untyped. */
export const DraftRequest = z.object({
  brief: z.string(),
  documents: z.array(
    z.object({ id: z.string(), kind: z.enum(['pdf', 'csv', 'txt', 'md']), name: z.string(), text: z.string() }),
  ),
  constraints: z.array(z.string()),
  limits: z.object({ maxNodes: z.number(), maxEdges: z.number() }),
});
