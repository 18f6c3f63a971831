import { z } from 'zod';

/** A model as the OpenAI API describes one. */
export const ModelView = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().describe('Always 0: providers are not asked when they made it'),
    owned_by: z.string().describe('The provider that is asked first'),
    kind: z.enum(['text', 'embedding']).describe('What it can be called for; not a field of the OpenAI API'),
  })
  .meta({ id: 'Model' });
export type ModelView = z.infer<typeof ModelView>;

export const ModelList = z.object({ object: z.literal('list'), data: z.array(ModelView) }).meta({ id: 'ModelList' });
export type ModelList = z.infer<typeof ModelList>;
