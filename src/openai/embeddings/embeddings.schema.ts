import { z } from 'zod';

const MOST_INPUTS = 2_048;

const Text = z.string().min(1);
const TokenIds = z.array(z.int().min(0).max(2_147_483_647)).min(1);
const several = <T extends z.ZodType>(each: T) => z.array(each).min(1).max(MOST_INPUTS);

/** Fields that are not named here are ignored, as the OpenAI API does. */
export const EmbeddingsRequest = z
  .object({
    model: z.string().min(1),
    input: z
      .union([Text, TokenIds, several(Text), several(TokenIds)], {
        error: `A text that is not empty, or 1 to ${MOST_INPUTS} of them, all in words or all as lists of token ids`,
      })
      .describe('Token ids are numbers of the vocabulary of one model, and go to it as they are'),
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
