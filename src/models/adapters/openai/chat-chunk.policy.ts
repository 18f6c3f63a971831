import type { Usage } from '#src/kernel/index.js';
import type { ToolCallPiece } from '../upstream/tool-calls.js';
import { count, fields, fieldsOf, list, optional, text } from '../upstream/wire-value.policy.js';

/** One event of a chat completion stream, or a completion, as far as it is read. */
export interface ChatChunk {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly failed: boolean;
  readonly choices: readonly Choice[];
  readonly usage: Usage | undefined;
}

interface Choice {
  readonly delta: Delta | undefined;
  readonly finish: string | undefined;
}

export interface Delta {
  readonly content: string | undefined;
  readonly refusal: string | undefined;
  readonly calls: readonly ToolCallPiece[] | undefined;
}

/** What of an answer is told: what is added to it in a stream, the message in a whole completion. */
export type Told = 'delta' | 'message';

/** @throws {UpstreamError} `malformed` */
export function chatChunk(data: string, told: Told): ChatChunk {
  const { id, model, error, choices = [], usage } = fieldsOf(data);
  return {
    id: optional(id, text),
    model: optional(model, text),
    failed: error !== undefined && error !== null,
    choices: list(choices).map((choice) => choiceOf(choice, told)),
    usage: optional(usage, usageOf),
  };
}

function choiceOf(value: unknown, told: Told): Choice {
  const choice = fields(value);
  return { delta: optional(choice[told], deltaOf), finish: optional(choice['finish_reason'], text) };
}

function deltaOf(value: unknown): Delta {
  const { content, refusal, tool_calls: calls } = fields(value);
  return {
    content: optional(content, text),
    refusal: optional(refusal, text),
    calls: optional(calls, list)?.map(pieceOf),
  };
}

function pieceOf(value: unknown): ToolCallPiece {
  const { index, id, function: called } = fields(value);
  const { name, arguments: added } = optional(called, fields) ?? {};
  return {
    index: optional(index, count),
    id: optional(id, text),
    name: optional(name, text),
    arguments: optional(added, argumentsOf),
  };
}

/** JSON text; some servers send the object itself. */
const argumentsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(fields(value)));

function usageOf(value: unknown): Usage {
  const usage = fields(value);
  const asked = count(usage['prompt_tokens']);
  const said = count(usage['completion_tokens']);
  const cached = partOf(asked, usage['prompt_tokens_details'], 'cached_tokens');
  const thought = partOf(said, usage['completion_tokens_details'], 'reasoning_tokens');
  return {
    ...{ inputTokens: asked, outputTokens: said },
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(thought === undefined ? {} : { reasoningTokens: thought }),
  };
}

/** Servers tell details in their own ways: one that is none is not worth an answer. */
function partOf(whole: number, details: unknown, name: string): number | undefined {
  const part: unknown = Object(details)[name];
  return typeof part === 'number' && Number.isSafeInteger(part) && part >= 0 ? Math.min(part, whole) : undefined;
}
