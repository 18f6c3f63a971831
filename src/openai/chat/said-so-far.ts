import type { TextEvent, ToolCall } from '#src/models/index.js';
import type { TextDone } from './chat-completion.policy.js';

/** What a model has said so far, kept for the case that a limit ends its answer. */
export class SaidSoFar {
  private text = '';
  private refusal: string | undefined;
  private readonly calls: ToolCall[] = [];
  private used: TextDone['usage'] | undefined;

  take(piece: Exclude<TextEvent, TextDone>): void {
    this.used = piece.used;
    if (piece.type === 'delta') {
      this.text += piece.text;
      return;
    }
    if (piece.type === 'refusal_delta') {
      this.refusal = (this.refusal ?? '') + piece.text;
      return;
    }
    const { index, id, name, arguments: more } = piece;
    this.calls[index] = { id, name, arguments: (this.calls[index]?.arguments ?? '') + more };
  }

  /** As an answer that ends here; `undefined` when not a word was said. */
  cut(model: string): TextDone | undefined {
    if (this.used === undefined) return undefined;
    const toolCalls = this.calls.filter((call) => call !== undefined);
    const said = { text: this.text, toolCalls, ...(this.refusal === undefined ? {} : { refusal: this.refusal }) };
    return { type: 'done', ...said, usage: this.used, model, provider: '', finish: 'length' };
  }
}
