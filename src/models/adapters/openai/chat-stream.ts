import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, declined, failedMeanwhile, parseData, words } from '../upstream/answer-reading.js';
import { ToolCallPiece } from '../upstream/tool-calls.js';

const count = z.int().min(0);

/** One event of a chat completion stream, as far as it is read. */
const ChatChunk = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            tool_calls: z.array(ToolCallPiece).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});

/** Reads the stream of `POST /chat/completions`. */
export class ChatReading extends AnswerReading {
  protected usage: Usage | undefined;

  read(data: string): readonly AnswerEvent[] {
    if (data === '[DONE]') {
      this.over = true;
      return [];
    }
    const { id, model, error, choices, usage } = parseData(data, ChatChunk);
    if (error !== undefined && error !== null) throw failedMeanwhile();
    this.model ??= model ?? undefined;
    if (usage) this.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    const { delta, finish_reason: finish } = choices[0] ?? {};
    if (delta?.refusal || finish === 'content_filter') throw declined();
    if (finish) this.finish = finish === 'length' ? 'length' : 'stop';
    const calls = (delta?.tool_calls ?? []).map((piece) => this.calls.read(piece, id ?? ''));
    return [...(delta?.content ? [words(delta.content)] : []), ...calls.filter((call) => call !== undefined)];
  }
}
