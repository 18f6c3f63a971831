import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import type { EmbedRequest } from '../../provider.port.js';
import { tokensOf } from '../../tokens.policy.js';
import { UpstreamError } from '../../upstream-error.js';

const MAX_TEXTS = 64;
const MAX_BYTES = 262_144;

/** The answer of `POST /embeddings`, as far as it is read. */
const EmbeddingsAnswer = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().min(0) }).nullish(),
});

export interface EmbeddedBatch {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
  readonly model: string | undefined;
}

export const embeddingsBody = (texts: readonly string[], model: string, { dimensions }: EmbedRequest) => ({
  model,
  input: texts,
  encoding_format: 'float',
  ...(dimensions === undefined ? {} : { dimensions }),
});

/** Texts in their order, in batches that an upstream takes and whose answers stay well under our limit. */
export function batches(texts: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text);
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_TEXTS || size > room) {
      all.push([text]);
      room = MAX_BYTES - size;
    } else {
      last.push(text);
      room -= size;
    }
  }
  return all;
}

/**
 * @param asked dimensions, where the caller asked for so many
 * @throws {UpstreamError} when there is not exactly one vector for each text, or they differ in length, or have another than asked
 */
export function readEmbeddings(json: string, texts: readonly string[], asked?: number): EmbeddedBatch {
  const { data, usage, model } = parse(json);
  const vectors: (readonly number[])[] = [];
  for (const { index, embedding } of data) vectors[index] = embedding;
  const dimensions = vectors[0]?.length;
  const whole = data.length === texts.length && texts.every((_, index) => vectors[index]?.length === dimensions);
  if (!whole || dimensions === undefined)
    throw new UpstreamError('malformed', 'The model gave other embeddings than asked for');
  if (dimensions !== (asked ?? dimensions))
    throw new UpstreamError('unfit', 'The model gave embeddings of other dimensions than asked for');
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const inputTokens = usage?.prompt_tokens ?? tokensOf(bytes);
  return { vectors, usage: { inputTokens, outputTokens: 0 }, model: model ?? undefined };
}

function parse(json: string): z.infer<typeof EmbeddingsAnswer> {
  try {
    return EmbeddingsAnswer.parse(JSON.parse(json));
  } catch {
    throw new UpstreamError('malformed', 'The model answered in another format');
  }
}
