import type { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';

export type FinishReason = 'stop' | 'length';

/**
 * One piece of work with a typed answer.
 * `task` and `input` are for engines that do the work themselves; `system`, `prompt` and `schema` for language models.
 */
export interface StructuredRequest {
  readonly model?: string;
  readonly task: string;
  readonly input: unknown;
  readonly system: string;
  readonly prompt: string;
  /** The shape of the answer. Sent as JSON Schema, and enforced on what comes back. */
  readonly schema: z.ZodType;
  readonly maxOutputTokens?: number;
}

/** What every answer says at its end. */
export interface Done {
  readonly type: 'done';
  readonly usage: Usage;
  readonly model: string;
  readonly provider: string;
}

/** What a call has cost so far, estimated, where there is nothing else to say. */
export interface Progress {
  readonly type: 'progress';
  readonly used: Usage;
}

/** The answer as it grows (`value` is incomplete and not yet valid), then once, last, whole and valid. */
export type StructuredEvent =
  | { readonly type: 'partial'; readonly value: unknown; readonly used: Usage }
  | (Done & {
      readonly value: unknown;
      readonly finish: FinishReason;
      /** 1 when the first answer did not fit the schema and one repair round was needed. */
      readonly repairs: number;
    });

export interface TextRequest {
  readonly model?: string;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
}

export type TextEvent =
  | { readonly type: 'delta'; readonly text: string; readonly used: Usage }
  | (Done & { readonly text: string; readonly finish: FinishReason });

export interface EmbedRequest {
  readonly model?: string;
  readonly texts: readonly string[];
  readonly dimensions?: number;
}

export interface EmbedResult {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
  readonly model: string;
  readonly provider: string;
}

export interface ModelCard {
  readonly id: string;
  readonly kind: 'text' | 'embedding';
  readonly provider: string;
}

/**
 * Something that answers. Every call ends when the signal aborts, and whatever it opened upstream is closed then;
 * it throws the signal's reason when that is an `AppError`, `CANCELLED` otherwise.
 * Failures are `UPSTREAM_FAILED` or `UPSTREAM_TIMEOUT`; their text never carries a key or the upstream's words.
 * Iteration ends with exactly one `done`, or throws. What is said before it tells what the call has cost so far, all
 * rounds included.
 */
export abstract class ModelProvider {
  abstract readonly name: string;
  abstract readonly models: readonly ModelCard[];

  abstract structured(request: StructuredRequest, signal: AbortSignal): AsyncIterable<StructuredEvent | Progress>;

  abstract text(request: TextRequest, signal: AbortSignal): AsyncIterable<TextEvent>;

  abstract embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;
}
