import type { FinishReason, Usage } from '../../provider.port.js';
import { estimatedUsage } from './answer.policy.js';
import type { ChatBody } from './chat-request.policy.js';
import type { ChatEvent } from './chat-stream.js';

/** A whole answer as text. `model` as the upstream names it. */
export interface Spoken {
  readonly text: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
  readonly model: string | undefined;
}

/** Passes on what `show` makes of each piece of an answer, and returns the answer when it is whole. */
export async function* spoken<T>(
  events: AsyncIterable<ChatEvent>,
  asked: ChatBody,
  show: (words: string) => T | undefined,
): AsyncGenerator<T, Spoken> {
  const pieces: string[] = [];
  let end: Omit<Spoken, 'text' | 'usage'> & { readonly usage: Usage | undefined } = {
    finish: 'stop',
    usage: undefined,
    model: undefined,
  };
  for await (const event of events) {
    if (event.type === 'end') {
      end = event;
      continue;
    }
    pieces.push(event.text);
    const shown = show(event.text);
    if (shown !== undefined) yield shown;
  }
  const text = pieces.join('');
  return { text, finish: end.finish, model: end.model, usage: end.usage ?? estimatedUsage(asked, text) };
}
