import type { Usage } from '#src/kernel/index.js';
import type { FinishReason, ToolCall } from '../../provider.port.js';
import { tokensOf } from '../../tokens.policy.js';
import type { AnswerEvent } from './answer-event.js';

/** A piece of an answer: words, or of a tool call. */
export type Piece = Exclude<AnswerEvent, { type: 'end' }>;

/** A whole answer as text. `model` as the upstream names it. */
export interface Spoken {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason;
  readonly usage: Usage;
  readonly model: string | undefined;
}

/**
 * Passes on what `show` makes of each piece of an answer, and returns the answer when it is whole.
 *
 * @param inputTokens an estimate, for servers that do not count
 * @param show is told what the answer has cost so far, at four bytes a token: what servers charge that do not count
 */
export async function* spoken<T>(
  events: AsyncIterable<AnswerEvent>,
  inputTokens: number,
  show: (piece: Piece, used: Usage) => T,
): AsyncGenerator<T, Spoken> {
  const heard = new Heard();
  const used = (): Usage => ({ inputTokens, outputTokens: tokensOf(heard.bytes) });
  let end: Omit<Extract<AnswerEvent, { type: 'end' }>, 'type'> = { finish: 'stop', usage: undefined, model: undefined };
  for await (const event of events) {
    if (event.type === 'end') {
      end = event;
      continue;
    }
    heard.add(event);
    yield show(event, used());
  }
  const { finish, model, usage = used() } = end;
  return { text: heard.text, toolCalls: heard.toolCalls, finish, model, usage };
}

/** The pieces of one answer, put together when it is whole. */
class Heard {
  bytes = 0;
  private readonly words: string[] = [];
  private readonly calls: (Omit<ToolCall, 'arguments'> & { readonly json: string[] })[] = [];

  add(piece: Piece): void {
    if (piece.type === 'words') {
      this.words.push(piece.text);
      this.bytes += Buffer.byteLength(piece.text);
      return;
    }
    const { index, id, name, arguments: json } = piece;
    this.bytes += Buffer.byteLength(json) + (this.calls[index] === undefined ? Buffer.byteLength(name) : 0);
    this.calls[index] ??= { id, name, json: [] };
    this.calls[index].json.push(json);
  }

  get text(): string {
    return this.words.join('');
  }

  get toolCalls(): readonly ToolCall[] {
    return this.calls.map(({ id, name, json }) => ({ id, name, arguments: json.join('') }));
  }
}
