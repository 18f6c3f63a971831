import type { EmbedRequest, EmbedResult, EmbedText } from '#src/models/index.js';
import type { Embeddings, EmbeddingsRequest } from './embeddings.schema.js';

export const embedRequestOf = ({ model, input, dimensions }: EmbeddingsRequest): EmbedRequest => ({
  model,
  texts: textsOf(input),
  ...(typeof dimensions === 'number' ? { dimensions } : {}),
});

/** A list of numbers is one text in token ids. */
function textsOf(input: EmbeddingsRequest['input']): readonly EmbedText[] {
  if (typeof input === 'string') return [input];
  return isTokens(input) ? [input] : input;
}

const isTokens = (input: readonly EmbedText[] | readonly number[]): input is readonly number[] =>
  typeof input[0] === 'number';

/** What a provider answered, in the encoding that was asked for. */
export function embeddingsOf(
  { vectors, usage, model }: EmbedResult,
  encoding: EmbeddingsRequest['encoding_format'],
): Embeddings {
  const encode = encoding === 'base64' ? base64Of : (vector: readonly number[]) => [...vector];
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    model,
    usage: { prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens + usage.outputTokens },
  };
}

const FLOAT_BYTES = 4;

function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * FLOAT_BYTES);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * FLOAT_BYTES);
  return bytes.toString('base64');
}
