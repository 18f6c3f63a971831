import type { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';

/**
 * `tools`: the model waits for what the tools it called return. `filtered`: what would have followed was withheld for its
 * content.
 */
export type FinishReason = 'stop' | 'length' | 'tools' | 'filtered';

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
  /** As the provider counted, also when nobody is charged for it. */
  readonly usage: Usage;
  readonly model: string;
  readonly provider: string;
  /** The answer was given before; nothing was asked and nothing is charged. */
  readonly cached?: true;
}

/** What a call has cost so far, estimated, where there is nothing else to say. */
export interface Progress {
  readonly type: 'progress';
  readonly used: Usage;
}

/** The answer as it grows (`value` is incomplete and not yet valid, but every string in it is whole), then once, last, whole and valid. */
export type StructuredEvent =
  | { readonly type: 'partial'; readonly value: unknown; readonly used: Usage }
  | (Done & {
      readonly value: unknown;
      readonly finish: FinishReason;
      /** 1 when the first answer did not fit the schema and one repair round was needed. */
      readonly repairs: number;
    });

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  /** `url`: a `data:` URL, or an `https:` one that the provider fetches. */
  | { readonly type: 'image'; readonly url: string; readonly detail?: 'auto' | 'low' | 'high' };

/** A call of a function that the model asks its caller to make. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it: nobody has checked it. */
  readonly arguments: string;
}

export type ChatMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly ContentPart[] }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  /** What the tool returned. */
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

/** A function the model may ask for. `parameters` is a JSON Schema. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

/** The form of a text: JSON of any shape, or of the shape of a JSON Schema. */
export type TextFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly description?: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
    };

export interface TextRequest {
  readonly model?: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallelToolCalls?: boolean;
  readonly format?: TextFormat;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly reasoningEffort?: string;
}

export type TextEvent =
  | { readonly type: 'delta'; readonly text: string; readonly used: Usage }
  /** What the model says instead of an answer. */
  | { readonly type: 'refusal_delta'; readonly text: string; readonly used: Usage }
  /** A piece of the `index`th tool call: `id` and `name` are whole in each, `arguments` is what is added. */
  | {
      readonly type: 'tool_delta';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly arguments: string;
      readonly used: Usage;
    }
  | (Done & {
      readonly text: string;
      /** Left out by a model that did not decline. */
      readonly refusal?: string;
      readonly toolCalls: readonly ToolCall[];
      readonly finish: FinishReason;
    });

/** What is read of an answer: all of it as it grows, or its `done` alone. */
export type Reads = 'pieces' | 'end';

/** Words, or the token ids that they have in the vocabulary of the model. */
export type EmbedText = string | readonly number[];

export interface EmbedRequest {
  readonly model?: string;
  /** All of one form. */
  readonly texts: readonly EmbedText[];
  readonly dimensions?: number;
}

export interface EmbedResult extends Omit<Done, 'type'> {
  readonly vectors: readonly (readonly number[])[];
}

/** An embedding comes in one piece. */
export type Embedded = EmbedResult & Done;

export interface ModelCard {
  readonly id: string;
  readonly kind: 'text' | 'embedding';
  readonly provider: string;
}

/**
 * Something that answers. Every call ends when the signal aborts, and whatever it opened upstream is closed then;
 * it throws the signal's reason when that is an `AppError`, `CANCELLED` otherwise.
 * Failures are `UPSTREAM_FAILED` or `UPSTREAM_TIMEOUT`, `RATE_LIMITED` of a provider that was asked too often, `BAD_INPUT` for
 * what it does not take of a caller; their text never carries a key or the upstream's words.
 * Iteration ends with exactly one `done`, or throws. What is said before it tells what the call has cost so far, all
 * rounds included.
 */
export abstract class ModelProvider {
  abstract readonly name: string;
  abstract readonly models: readonly ModelCard[];

  abstract structured(request: StructuredRequest, signal: AbortSignal): AsyncIterable<StructuredEvent | Progress>;

  /** @param reads of the `end` alone, the answer may be asked for in one piece; `pieces` when left out */
  abstract text(request: TextRequest, signal: AbortSignal, reads?: Reads): AsyncIterable<TextEvent>;

  abstract embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;

  /** The same, telling on its way what it has cost: for providers that need several questions for one request. */
  async *embedInSteps(request: EmbedRequest, signal: AbortSignal): AsyncGenerator<Embedded | Progress> {
    yield { type: 'done', ...(await this.embed(request, signal)) };
  }
}
