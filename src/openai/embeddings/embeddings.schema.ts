import { z } from 'zod';

const MOST_INPUTS = 2_048;

/** As many as the OpenAI API takes of all inputs together, and what stands around them. */
export const MOST_TOKEN_IDS = 310_000;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTokenId = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const isTokenIds = (value: unknown): value is number[] => isListOf(isTokenId, Number.POSITIVE_INFINITY)(value);

const isListOf =
  <T>(isOne: (value: unknown) => value is T, most: number) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.length > 0 && value.length <= most && value.every(isOne);

const FORMS = [isText, isTokenIds, isListOf(isText, MOST_INPUTS), isListOf(isTokenIds, MOST_INPUTS)] as const;

const text = { type: 'string', minLength: 1 } as const;
const tokenIds = { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1 } as const;
const several = (items: object): object => ({ type: 'array', items, minItems: 1, maxItems: MOST_INPUTS });

/** Not put together of schemas: one that fails at each of 300,000 numbers tells of each. */
const Input = z
  .custom<string | string[] | number[] | number[][]>((value) => FORMS.some((fits) => fits(value)), {
    error: `A text that is not empty, or 1 to ${MOST_INPUTS} of them, all in words or all as lists of token ids`,
  })
  .meta({
    description: 'Token ids are numbers of the vocabulary of one model, and go to it as they are',
    anyOf: [text, tokenIds, several(text), several(tokenIds)],
  });

/** Fields that are not named here are ignored, as the OpenAI API does. */
export const EmbeddingsRequest = z
  .object({
    model: z.string().min(1),
    input: Input,
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
