import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { sseData } from '../upstream/sse-data.js';
import { ToolCallPiece, ToolCalls } from '../upstream/tool-calls.js';
import type { UpstreamBody } from '../upstream/upstream-body.js';

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
type ChatChunk = z.infer<typeof ChatChunk>;

/** What one answer has said about itself so far. */
class ChatReading {
  private readonly calls = new ToolCalls();
  private finish: string | undefined;
  private usage: Usage | undefined;
  private model: string | undefined;

  /** What one event says. */
  read(data: string): readonly AnswerEvent[] {
    const { id, model, error, choices, usage } = parseChunk(data);
    if (error !== undefined && error !== null) throw new UpstreamError('busy', 'The model failed while it answered');
    this.model ??= model ?? undefined;
    if (usage) this.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    const choice = choices[0];
    if (choice?.delta?.refusal || choice?.finish_reason === 'content_filter') {
      throw new UpstreamError('unfit', 'The model declined to answer');
    }
    this.finish = choice?.finish_reason || this.finish;
    const { content, tool_calls } = choice?.delta ?? {};
    const calls = (tool_calls ?? []).map((piece) => this.calls.read(piece, id ?? ''));
    return [...(content ? [words(content)] : []), ...calls.filter((call) => call !== undefined)];
  }

  end(marked: 'marked' | 'unmarked'): readonly AnswerEvent[] {
    if (this.finish === undefined && marked === 'unmarked') {
      throw new UpstreamError('truncated', 'The answer of the model broke off');
    }
    const { usage, model } = this;
    if (this.finish === 'length') return [{ type: 'end', finish: 'length', usage, model }];
    // Servers name this end differently, some even `stop`: what was called decides.
    return [...this.calls.end(), { type: 'end', finish: this.calls.count > 0 ? 'tools' : 'stop', usage, model }];
  }
}

/** Reads the stream of `POST /chat/completions`. Ends with exactly one `end`, or throws. */
export async function* chatEvents(body: UpstreamBody): AsyncGenerator<AnswerEvent> {
  const reading = new ChatReading();
  for await (const batch of sseData(body)) {
    const last = batch.indexOf('[DONE]');
    const events = last === -1 ? batch : batch.slice(0, last);
    yield* joined(events.flatMap((data) => reading.read(data)));
    if (last === -1) continue;
    body.release();
    yield* reading.end('marked');
    return;
  }
  yield* reading.end('unmarked');
}

const words = (text: string): AnswerEvent => ({ type: 'words', text });

/** Neighbours that belong together as one. */
function joined(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const all: AnswerEvent[] = [];
  for (const event of events) {
    const sum = sumOf(all.at(-1), event);
    if (sum !== undefined) all.pop();
    all.push(sum ?? event);
  }
  return all;
}

function sumOf(before: AnswerEvent | undefined, next: AnswerEvent): AnswerEvent | undefined {
  if (before?.type === 'words' && next.type === 'words') return words(before.text + next.text);
  if (before?.type !== 'call' || next.type !== 'call' || before.index !== next.index) return undefined;
  return { ...next, arguments: before.arguments + next.arguments };
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
