import { z } from 'zod';

const MOST_INPUTS = 2_048;

const Text = z.string().min(1);

/** Fields that are not named here are ignored, as the OpenAI API does. */
export const EmbeddingsRequest = z
  .object({
    model: z.string().min(1),
    input: z.union([Text, z.array(Text).min(1).max(MOST_INPUTS)], {
      error: `A text that is not empty, or 1 to ${MOST_INPUTS} of them; token ids are those of one model's own vocabulary and are not taken`,
    }),
    dimensions: z.int().min(1).nullish(),
    encoding_format: z.enum(['float', 'base64']).nullish().describe('`float` when left out'),
  })
  .meta({ id: 'EmbeddingsRequest' });
export type EmbeddingsRequest = z.infer<typeof EmbeddingsRequest>;

export const Embeddings = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.int().describe('Place of its text in `input`'),
        embedding: z
          .union([z.string(), z.array(z.number())])
          .describe('Numbers, or the base64 of their 32-bit floats, little-endian'),
      }),
    ),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: 'Embeddings' });
export type Embeddings = z.infer<typeof Embeddings>;
