import { setImmediate as turn } from 'node:timers/promises';
import {
  type EmbedRequest,
  type EmbedResult,
  type FinishReason,
  type ModelCard,
  ModelProvider,
  type StructuredEvent,
  type StructuredRequest,
  type TextEvent,
  type TextRequest,
  type ToolCall,
} from '#src/models/provider.port.js';

export const USAGE = { inputTokens: 3, outputTokens: 5 };
const origin = { usage: USAGE, model: 'scripted-1', provider: 'scripted' };

/** A model in this process that says what it is told to say, and remembers what it saw. */
export class ScriptedModel extends ModelProvider {
  readonly name = 'scripted';
  readonly models: readonly ModelCard[] = [
    { id: 'scripted-1', kind: 'text', provider: 'scripted' },
    { id: 'scripted-embed-1', kind: 'embedding', provider: 'scripted' },
  ];
  readonly seen: (TextRequest | StructuredRequest | EmbedRequest)[] = [];
  words: readonly string[] = ['hello'];
  toolCalls: readonly ToolCall[] = [];
  /** Said in two pieces, behind the words. */
  refusal: string | undefined;
  finish: FinishReason = 'stop';
  /** Partial answers, then the whole one. */
  values: readonly unknown[] = [{}];
  /** Every answer waits for it. */
  gate: Promise<void> = Promise.resolve();
  /** Thrown after the words. */
  error: Error | undefined;

  async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
    this.seen.push(request);
    const { words, toolCalls, finish, refusal } = this;
    await this.ready(signal);
    for (const text of words) yield { type: 'delta', text, used: USAGE };
    if (refusal !== undefined)
      for (const text of [refusal.slice(0, 9), refusal.slice(9)]) yield { type: 'refusal_delta', text, used: USAGE };
    for (const [index, { id, name, arguments: json }] of toolCalls.entries())
      for (const piece of json) yield { type: 'tool_delta', index, id, name, arguments: piece, used: USAGE };
    if (this.error !== undefined) throw this.error;
    const declined = refusal === undefined ? {} : { refusal };
    yield { type: 'done', text: words.join(''), ...declined, toolCalls, finish, ...origin };
  }

  async *structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent> {
    this.seen.push(request);
    await this.ready(signal);
    for (const value of this.values.slice(0, -1)) yield { type: 'partial', value, used: USAGE };
    yield { type: 'done', value: this.values.at(-1), finish: 'stop', repairs: 0, ...origin };
  }

  async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    this.seen.push(request);
    await this.ready(signal);
    return { vectors: request.texts.map((text) => [text.length, 0.5]), ...origin };
  }

  private async ready(signal: AbortSignal): Promise<void> {
    const gone = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([this.gate, gone]);
    await turn();
    signal.throwIfAborted();
  }
}

/** The words that were told piece by piece. */
export const textOf = (events: readonly TextEvent[]): string =>
  events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
