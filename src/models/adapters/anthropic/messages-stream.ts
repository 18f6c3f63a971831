import { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, declined, failedMeanwhile, parseData, words } from '../upstream/answer-reading.js';

const count = z.int().min(0);

const Counts = z.object({
  input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  output_tokens: count.nullish(),
});
type Counts = z.infer<typeof Counts>;

const Block = z.object({
  type: z.string(),
  text: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  input: z.unknown().optional(),
});

/** One event of a message stream, as far as it is read; what has another type says nothing to us. */
const MessageEvent = z.object({
  type: z.string(),
  index: count.nullish(),
  message: z.object({ id: z.string().nullish(), model: z.string().nullish(), usage: Counts.nullish() }).nullish(),
  content_block: Block.nullish(),
  delta: z
    .object({
      text: z.string().nullish(),
      partial_json: z.string().nullish(),
      stop_reason: z.string().nullish(),
    })
    .nullish(),
  usage: Counts.nullish(),
});
type MessageEvent = z.infer<typeof MessageEvent>;

const CUT: ReadonlySet<string> = new Set(['max_tokens', 'model_context_window_exceeded']);

/** Reads the stream of `POST /v1/messages`. What the model thinks is not part of its answer. */
export class MessageReading extends AnswerReading {
  private counted: Counts | undefined;
  private id = '';
  /** Places of content blocks that are calls of our tools. */
  private readonly tools = new Set<number>();

  protected get usage(): Usage | undefined {
    if (this.counted === undefined) return undefined;
    const { input_tokens: fresh, cache_creation_input_tokens: stored, cache_read_input_tokens: read } = this.counted;
    return {
      inputTokens: (fresh ?? 0) + (stored ?? 0) + (read ?? 0),
      outputTokens: this.counted.output_tokens ?? 0,
    };
  }

  read(data: string): readonly AnswerEvent[] {
    const event = parseData(data, MessageEvent);
    if (event.type === 'error') throw failedMeanwhile();
    if (event.type === 'message_stop') this.over = true;
    if (event.type === 'message_start') this.begin(event);
    if (event.type === 'content_block_start') return this.open(event);
    if (event.type === 'content_block_delta') return this.grow(event);
    if (event.type === 'message_delta') this.conclude(event);
    return [];
  }

  private begin({ message }: MessageEvent): void {
    this.id = message?.id ?? '';
    this.model = message?.model ?? undefined;
    this.count(message?.usage);
  }

  private open({ index, content_block: block }: MessageEvent): readonly AnswerEvent[] {
    if (block?.type === 'text' && block.text) return [words(block.text)];
    if (block?.type !== 'tool_use') return [];
    if (typeof index === 'number') this.tools.add(index);
    const { id, name, input } = block;
    return this.call({ index, id, function: { name, arguments: wholeInput(input) } });
  }

  private grow({ index, delta }: MessageEvent): readonly AnswerEvent[] {
    if (delta?.text) return [words(delta.text)];
    if (!delta?.partial_json || typeof index !== 'number' || !this.tools.has(index)) return [];
    return this.call({ index, function: { arguments: delta.partial_json } });
  }

  private call(piece: Parameters<typeof this.calls.read>[0]): readonly AnswerEvent[] {
    const call = this.calls.read(piece, this.id);
    return call === undefined ? [] : [call];
  }

  private conclude({ delta, usage }: MessageEvent): void {
    this.count(usage);
    const reason = delta?.stop_reason;
    if (reason === 'refusal') throw declined();
    if (reason) this.finish = CUT.has(reason) ? 'length' : 'stop';
  }

  /** Counts are cumulative, and told early or late: the largest of each is the last. */
  private count(said: Counts | null | undefined): void {
    if (!said) return;
    const most = (name: keyof Counts) => Math.max(this.counted?.[name] ?? 0, said[name] ?? 0);
    this.counted = {
      input_tokens: most('input_tokens'),
      cache_creation_input_tokens: most('cache_creation_input_tokens'),
      cache_read_input_tokens: most('cache_read_input_tokens'),
      output_tokens: most('output_tokens'),
    };
  }
}

/** Arguments are told in pieces after an empty object; some servers tell them whole at once. */
function wholeInput(input: unknown): string {
  const told = typeof input === 'object' && input !== null && Object.keys(input).length > 0;
  return told ? JSON.stringify(input) : '';
}
