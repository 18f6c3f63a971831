import type { TextEvent } from '#src/models/index.js';
import { type ChatHead, finishOf, type TextDone, usageOf } from './chat-completion.policy.js';
import type { ChatChunk, ChatDelta, ToolCallDelta } from './chat-completion.schema.js';

type TextPiece = Exclude<TextEvent, TextDone>;

/** One answer as the chunks of a stream. */
export class ChatChunks {
  private begun = false;
  private readonly named = new Set<number>();

  /**
   * @param model as it was asked for; which one answered is known at the end
   * @param usage with it each chunk has a place for what the answer cost, empty until the last
   */
  constructor(
    private readonly head: ChatHead,
    private readonly model: string,
    private readonly usage: 'with_usage' | 'without_usage',
  ) {}

  of(piece: TextPiece): ChatChunk {
    if (piece.type === 'delta') return this.chunk(this.model, this.begin({ content: piece.text }), null);
    if (piece.type === 'refusal_delta') return this.chunk(this.model, this.begin({ refusal: piece.text }), null);
    return this.chunk(this.model, this.begin({ tool_calls: [this.toolCall(piece)] }), null);
  }

  /** The last chunk of the answer, and one more with what it cost to whoever asked for it. */
  end(done: TextDone): readonly ChatChunk[] {
    const last = this.chunk(done.model, this.begin({}), finishOf(done));
    if (this.usage === 'without_usage') return [last];
    return [last, { ...last, choices: [], usage: usageOf(done) }];
  }

  /** The first delta says who speaks. */
  private begin(delta: ChatDelta): ChatDelta {
    if (this.begun) return delta;
    this.begun = true;
    return { role: 'assistant', ...delta };
  }

  private toolCall({ index, id, name, arguments: json }: Extract<TextPiece, { type: 'tool_delta' }>): ToolCallDelta {
    if (this.named.has(index)) return { index, function: { arguments: json } };
    this.named.add(index);
    return { index, id, type: 'function', function: { name, arguments: json } };
  }

  private chunk(model: string, delta: ChatDelta, finish: ReturnType<typeof finishOf> | null): ChatChunk {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish };
    const said = { ...this.head, object: 'chat.completion.chunk', model, choices: [choice] } as const;
    return this.usage === 'with_usage' ? { ...said, usage: null } : said;
  }
}
