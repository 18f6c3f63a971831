import type { Usage } from '#src/kernel/index.js';
import type { FinishReason, ToolCall } from '../../provider.port.js';
import { tokensOf } from '../../tokens.policy.js';
import type { AnswerEvent, AnswerEvents } from './answer-event.js';

/** A piece of an answer: words, of a refusal, or of a tool call. */
export type Piece = Exclude<AnswerEvent, { type: 'end' }>;

/** A whole answer as text. `model` as the upstream names it. */
export interface Spoken {
  readonly text: string;
  readonly refusal?: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason;
  readonly usage: Usage;
  readonly model: string | undefined;
}

/**
 * Passes on what `show` makes of each piece of an answer, and returns the answer when it is whole.
 *
 * @param inputTokens an estimate, for servers that do not count
 */
export async function* told<T>(
  events: AnswerEvents,
  inputTokens: number,
  show: (piece: Piece, used: Usage) => T,
): AsyncGenerator<T, Spoken> {
  const parts = new SpokenParts(inputTokens);
  for await (const event of events) {
    const piece = parts.add(event);
    if (piece !== undefined) yield show(piece, parts.used);
  }
  return parts.whole;
}

/** The pieces of one answer so far, put together when it is whole. */
class SpokenParts {
  private bytes = 0;
  private end: Omit<Extract<AnswerEvent, { type: 'end' }>, 'type'> = {
    finish: 'stop',
    usage: undefined,
    model: undefined,
  };
  private readonly words: string[] = [];
  private readonly refusal: string[] = [];
  private readonly calls: (Omit<ToolCall, 'arguments'> & { readonly json: string[] })[] = [];

  constructor(private readonly inputTokens: number) {}

  /** What the answer has cost so far, at four bytes a token: what servers charge that do not count. */
  get used(): Usage {
    return { inputTokens: this.inputTokens, outputTokens: tokensOf(this.bytes) };
  }

  get whole(): Spoken {
    const { finish, model, usage = this.used } = this.end;
    const toolCalls = this.calls.map(({ id, name, json }) => ({ id, name, arguments: json.join('') }));
    const whole = { text: this.words.join(''), toolCalls, finish, model, usage };
    return this.refusal.length === 0 ? whole : { ...whole, refusal: this.refusal.join('') };
  }

  /** The event, when it is a piece of the answer and not its end. */
  add(event: AnswerEvent): Piece | undefined {
    if (event.type === 'end') {
      this.end = event;
      return undefined;
    }
    if (event.type === 'call') this.addCall(event);
    else {
      (event.type === 'words' ? this.words : this.refusal).push(event.text);
      this.bytes += Buffer.byteLength(event.text);
    }
    return event;
  }

  private addCall({ index, id, name, arguments: json }: Extract<Piece, { type: 'call' }>): void {
    this.bytes += Buffer.byteLength(json) + (this.calls[index] === undefined ? Buffer.byteLength(name) : 0);
    this.calls[index] ??= { id, name, json: [] };
    this.calls[index].json.push(json);
  }
}
