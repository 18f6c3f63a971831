import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, declined, failedMeanwhile, words } from '../upstream/answer-reading.js';
import { malformed } from '../upstream/wire-value.policy.js';
import { chatChunk, type Told } from './chat-chunk.policy.js';

/** All that a completion that came in one piece says. */
export function completionEvents(json: string): readonly AnswerEvent[] {
  const reading = new ChatReading('message');
  const said = reading.read(json);
  reading.over = true;
  return [...said, ...reading.end()];
}

/** Reads the answer of `POST /chat/completions`, event by event. */
export class ChatReading extends AnswerReading {
  protected usage: Usage | undefined;

  constructor(private readonly told: Told = 'delta') {
    super();
  }

  read(data: string): readonly AnswerEvent[] {
    if (data === '[DONE]' && this.told === 'delta') {
      this.over = true;
      return [];
    }
    const { id = '', model, failed, choices, usage } = chatChunk(data, this.told);
    if (failed) throw failedMeanwhile();
    this.model ??= model;
    this.usage = usage ?? this.usage;
    const { delta, finish } = choices[0] ?? {};
    if (delta === undefined && this.told === 'message') throw malformed();
    if (delta?.refusal || finish === 'content_filter') throw declined();
    if (finish) this.finish = finish === 'length' ? 'length' : 'stop';
    const calls = (delta?.calls ?? []).map((piece) => this.calls.read(piece, id));
    return [...(delta?.content ? [words(delta.content)] : []), ...calls.filter((call) => call !== undefined)];
  }
}
