import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import type { FinishReason } from '../../provider.port.js';
import { UpstreamError } from '../../upstream-error.js';
import { sseData } from './sse-data.js';
import type { UpstreamBody } from './upstream-body.js';

/** The words of a model as they come, then once, last, how it ended. `usage` is left out by some servers. */
export type ChatEvent =
  | { readonly type: 'words'; readonly text: string }
  | {
      readonly type: 'end';
      readonly finish: FinishReason;
      readonly usage: Usage | undefined;
      readonly model: string | undefined;
    };

const count = z.int().min(0);

/** One event of a chat completion stream, as far as it is read. */
const ChatChunk = z.object({
  model: z.string().nullish(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});
type ChatChunk = z.infer<typeof ChatChunk>;

/** What one answer has said about itself so far. */
class ChatReading {
  private finish: FinishReason | undefined;
  private usage: Usage | undefined;
  private model: string | undefined;

  /** @returns the words of the event */
  read(data: string): string {
    const { model, error, choices, usage } = parseChunk(data);
    if (error !== undefined && error !== null) throw new UpstreamError('busy', 'The model failed while it answered');
    this.model ??= model ?? undefined;
    if (usage) this.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    const choice = choices[0];
    if (choice?.delta?.refusal || choice?.finish_reason === 'content_filter') {
      throw new UpstreamError('unfit', 'The model declined to answer');
    }
    if (choice?.finish_reason) this.finish = choice.finish_reason === 'length' ? 'length' : 'stop';
    return choice?.delta?.content ?? '';
  }

  end(marked: 'marked' | 'unmarked'): ChatEvent {
    const { finish, usage, model } = this;
    if (finish === undefined && marked === 'unmarked') {
      throw new UpstreamError('truncated', 'The answer of the model broke off');
    }
    return { type: 'end', finish: finish ?? 'stop', usage, model };
  }
}

/** Reads the stream of `POST /chat/completions`. Ends with exactly one `end`, or throws. */
export async function* chatEvents(body: UpstreamBody): AsyncGenerator<ChatEvent> {
  const reading = new ChatReading();
  for await (const batch of sseData(body)) {
    const last = batch.indexOf('[DONE]');
    const events = last === -1 ? batch : batch.slice(0, last);
    const text = events.map((data) => reading.read(data)).join('');
    if (text !== '') yield { type: 'words', text };
    if (last === -1) continue;
    body.release();
    yield reading.end('marked');
    return;
  }
  yield reading.end('unmarked');
}

function parseChunk(data: string): ChatChunk {
  const parsed = ChatChunk.safeParse(jsonOf(data));
  if (parsed.success) return parsed.data;
  throw new UpstreamError('malformed', 'The model answered in another format');
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
