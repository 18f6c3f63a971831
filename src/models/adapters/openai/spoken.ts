import type { Usage } from '#src/kernel/index.js';
import { textsOf } from '../../messages.policy.js';
import type { FinishReason } from '../../provider.port.js';
import { estimateAll, tokensOf } from '../../tokens.policy.js';
import type { ChatBody } from './chat-request.policy.js';
import type { ChatEvent } from './chat-stream.js';

/** A whole answer as text. `model` as the upstream names it. */
export interface Spoken {
  readonly text: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
  readonly model: string | undefined;
}

/**
 * Passes on what `show` makes of each piece of an answer, and returns the answer when it is whole.
 *
 * @param show is told what the answer has cost so far, at four bytes a token: what servers charge that do not count
 */
export async function* spoken<T>(
  events: AsyncIterable<ChatEvent>,
  asked: ChatBody,
  show: (words: string, used: Usage) => T,
): AsyncGenerator<T, Spoken> {
  const pieces: string[] = [];
  const inputTokens = estimateAll(textsOf(asked));
  let bytes = 0;
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
    bytes += Buffer.byteLength(event.text);
    yield show(event.text, { inputTokens, outputTokens: tokensOf(bytes) });
  }
  const { finish, model, usage = { inputTokens, outputTokens: tokensOf(bytes) } } = end;
  return { text: pieces.join(''), finish, model, usage };
}
