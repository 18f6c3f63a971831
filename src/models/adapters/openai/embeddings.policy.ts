import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import { estimateEmbedding } from '../../embed-text.policy.js';
import type { EmbedRequest, EmbedText } from '../../provider.port.js';
import { UpstreamError } from '../../upstream-error.js';

const MAX_TEXTS = 64;
const MAX_BYTES = 262_144;
/** Of a token id and its comma. */
const ID_BYTES = 7;

/** The answer of `POST /embeddings`, as far as it is read. */
const EmbeddingsAnswer = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().min(0) }).nullish(),
});

/** What was answered for one batch, and what it cost; whether it is what was asked for nobody has checked. */
export interface EmbeddedBatch {
  readonly data: z.infer<typeof EmbeddingsAnswer>['data'];
  readonly usage: Usage;
  readonly model: string | undefined;
}

export const embeddingsBody = (texts: readonly EmbedText[], model: string, { dimensions }: EmbedRequest) => ({
  model,
  input: texts,
  encoding_format: 'float',
  ...(dimensions === undefined ? {} : { dimensions }),
});

/** Texts in their order, in batches that an upstream takes and whose answers stay well under our limit. */
export function batches(texts: readonly EmbedText[]): readonly (readonly EmbedText[])[] {
  const all: EmbedText[][] = [];
  let room = 0;
  for (const text of texts) {
    const size = sizeOf(text);
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

const sizeOf = (text: EmbedText): number =>
  typeof text === 'string' ? Buffer.byteLength(text) : text.length * ID_BYTES;

/** @throws {UpstreamError} for an answer that is none */
export function readEmbeddings(json: string, texts: readonly EmbedText[]): EmbeddedBatch {
  const { data, usage, model } = parse(json);
  const inputTokens = usage?.prompt_tokens ?? estimateEmbedding(texts);
  return { data, usage: { inputTokens, outputTokens: 0 }, model: model ?? undefined };
}

/**
 * In the order of the texts; an error when there is not exactly one for each, or they differ in length, or have another than asked.
 *
 * @param asked dimensions, where the caller asked for so many
 */
export function vectorsOf(
  { data }: EmbeddedBatch,
  texts: readonly EmbedText[],
  asked: number | undefined,
): readonly (readonly number[])[] | UpstreamError {
  const vectors: (readonly number[])[] = [];
  for (const { index, embedding } of data) vectors[index] = embedding;
  const dimensions = vectors[0]?.length;
  const whole = data.length === texts.length && texts.every((_, index) => vectors[index]?.length === dimensions);
  if (!whole || dimensions === undefined)
    return new UpstreamError('malformed', 'The model gave other embeddings than asked for');
  if (dimensions !== (asked ?? dimensions))
    return new UpstreamError('unfit', 'The model gave embeddings of other dimensions than asked for');
  return vectors;
}

function parse(json: string): z.infer<typeof EmbeddingsAnswer> {
  try {
    return EmbeddingsAnswer.parse(JSON.parse(json));
  } catch {
    throw new UpstreamError('malformed', 'The model answered in another format');
  }
}
