import { tellCalls } from '../messages.policy.js';
import type { StructuredEvent, TextEvent, TextRequest } from '../provider.port.js';
import { redactCall } from './request-redaction.js';
import { redactEach, slicesOf, type TrafficRedactor } from './traffic-redactor.js';

type Told = Extract<TextEvent, { type: 'done' }>;

/**
 * A text as its caller gets it. All deltas together equal the redacted whole, however the model cut it. What could still
 * become a find is held back; calls of tools, whose arguments are JSON, are told once they are whole, and so is a text
 * that is to be JSON: redacted piece by piece it would not stay JSON.
 */
export async function* redactText(
  events: AsyncIterable<TextEvent>,
  redactor: TrafficRedactor,
  format: TextRequest['format'],
): AsyncGenerator<TextEvent> {
  const words = format === undefined ? new Words(redactor) : undefined;
  for await (const event of events) {
    if (event.type === 'done') return yield* end(event, words, redactor);
    if (event.type !== 'delta' || words === undefined) continue;
    for (const slice of slicesOf(event.text)) {
      const text = words.push(slice);
      if (text !== '') yield { type: 'delta', text, used: event.used };
    }
  }
}

/** Every string in a growing answer is whole, so each partial answer is redacted by itself. */
export async function* redactStructured(
  events: AsyncIterable<StructuredEvent>,
  redactor: TrafficRedactor,
): AsyncGenerator<StructuredEvent> {
  for await (const event of events) {
    const value = await redactor.value(event.value);
    if (event.type === 'partial') yield { type: 'partial', value, used: event.used };
    else {
      const { usage, model, provider, finish, repairs } = event;
      yield { type: 'done', value, usage, model, provider, finish, repairs };
    }
  }
}

async function* end(done: Told, words: Words | undefined, redactor: TrafficRedactor): AsyncGenerator<TextEvent> {
  const { usage, model, provider, finish } = done;
  const rest = words === undefined ? await redactor.json(done.text) : words.end();
  if (rest !== '') yield { type: 'delta', text: rest, used: usage };
  const text = words === undefined ? rest : (words.said(done.text) ?? (await redactor.text(done.text)));
  const toolCalls = await redactEach(done.toolCalls, (call) => redactCall(call, redactor));
  yield* tellCalls(toolCalls, usage);
  const whole = { type: 'done', text, toolCalls, usage, model, provider, finish } as const;
  if (done.refusal === undefined) return yield whole;
  const refusal = await redactor.text(done.refusal);
  yield { type: 'refusal_delta', text: refusal, used: usage };
  yield { ...whole, refusal };
}

/** The words of one answer, with what is held back of them. */
class Words {
  /** Begun with the first word: where the end of an answer alone is read there is none. */
  private stream: ReturnType<TrafficRedactor['stream']> | undefined;
  private readonly released: string[] = [];
  private heard = 0;

  constructor(private readonly redactor: TrafficRedactor) {}

  push(text: string): string {
    this.stream ??= this.redactor.stream();
    this.heard += text.length;
    return this.release(this.stream.push(text));
  }

  end(): string {
    return this.stream === undefined ? '' : this.release(this.stream.end());
  }

  /** All of it; `undefined` when that is not the whole answer. */
  said(whole: string): string | undefined {
    return this.heard === whole.length ? this.released.join('') : undefined;
  }

  private release(text: string): string {
    this.released.push(text);
    return text;
  }
}
