import type { FinishReason, TextEvent } from '#src/models/index.js';
import type { ChatCompletion } from './chat-completion.schema.js';

/** What every piece of one answer says. */
export interface ChatHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
}

export type TextDone = Extract<TextEvent, { type: 'done' }>;

const FINISHES = {
  stop: 'stop',
  length: 'length',
  tools: 'tool_calls',
  filtered: 'content_filter',
} as const satisfies Record<FinishReason, string>;

export const finishOf = ({ finish }: TextDone): (typeof FINISHES)[FinishReason] => FINISHES[finish];

export const usageOf = ({ usage }: TextDone): ChatCompletion['usage'] => ({
  prompt_tokens: usage.inputTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
  completion_tokens: usage.outputTokens,
  completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

/** The whole answer. */
export const chatCompletion = (head: ChatHead, done: TextDone): ChatCompletion => ({
  ...head,
  object: 'chat.completion',
  model: done.model,
  choices: [{ index: 0, message: messageOf(done), logprobs: null, finish_reason: finishOf(done) }],
  usage: usageOf(done),
});

/** A model that only calls tools, or that declines, says nothing. */
function messageOf({ text, refusal, toolCalls }: TextDone): ChatCompletion['choices'][number]['message'] {
  const silent = text === '' && (refusal !== undefined || toolCalls.length > 0);
  const said = { role: 'assistant', content: silent ? null : text, refusal: refusal ?? null } as const;
  if (toolCalls.length === 0) return said;
  const calls = toolCalls.map(({ id, name, arguments: json }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: json },
  }));
  return { ...said, tool_calls: calls };
}
