import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, failedMeanwhile, words } from '../upstream/answer-reading.js';
import { malformed } from '../upstream/wire-value.policy.js';
import { chatChunk, type Delta, type Told } from './chat-chunk.policy.js';

/** Any other end is an ordinary one: what was called tells those of tools. */
const FINISHES: ReadonlyMap<string, 'length' | 'filtered'> = new Map([
  ['length', 'length'],
  ['content_filter', 'filtered'],
]);

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
    if (finish) this.finish = FINISHES.get(finish) ?? 'stop';
    return delta === undefined ? [] : [...saidIn(delta), ...this.callsIn(delta, id)];
  }

  private callsIn({ calls = [] }: Delta, id: string): readonly AnswerEvent[] {
    return calls.map((piece) => this.calls.read(piece, id)).filter((call) => call !== undefined);
  }
}

function saidIn({ content, refusal }: Delta): readonly AnswerEvent[] {
  const said = content ? [words(content)] : [];
  return refusal ? [...said, { type: 'refusal', text: refusal }] : said;
}
