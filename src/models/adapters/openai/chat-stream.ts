import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, declined, failedMeanwhile, words } from '../upstream/answer-reading.js';
import { chatChunk } from './chat-chunk.policy.js';

/** Reads the stream of `POST /chat/completions`. */
export class ChatReading extends AnswerReading {
  protected usage: Usage | undefined;

  read(data: string): readonly AnswerEvent[] {
    if (data === '[DONE]') {
      this.over = true;
      return [];
    }
    const { id = '', model, failed, choices, usage } = chatChunk(data);
    if (failed) throw failedMeanwhile();
    this.model ??= model;
    this.usage = usage ?? this.usage;
    const { delta, finish } = choices[0] ?? {};
    if (delta?.refusal || finish === 'content_filter') throw declined();
    if (finish) this.finish = finish === 'length' ? 'length' : 'stop';
    const calls = (delta?.calls ?? []).map((piece) => this.calls.read(piece, id));
    return [...(delta?.content ? [words(delta.content)] : []), ...calls.filter((call) => call !== undefined)];
  }
}
