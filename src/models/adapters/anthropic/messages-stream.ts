import type { Usage } from '#src/kernel/index.js';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { AnswerReading, failedMeanwhile, words } from '../upstream/answer-reading.js';
import { malformed } from '../upstream/wire-value.policy.js';
import {
  type Counts,
  type MessageEvent,
  messageEvent,
  type WholeMessage,
  wholeMessage,
} from './message-event.policy.js';

/** Any other end is an ordinary one: what was called tells those of tools. A refusal has no words of its own. */
const FINISHES: ReadonlyMap<string, 'length' | 'filtered'> = new Map([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'filtered'],
]);

/** All that a message that came in one piece says. */
export function messageEvents(json: string): readonly AnswerEvent[] {
  const reading = new MessageReading();
  return [...reading.readWhole(wholeMessage(json)), ...reading.end()];
}

/** Reads the answer of `POST /v1/messages`. What the model thinks is not part of it. */
export class MessageReading extends AnswerReading {
  private counted: Counts | undefined;
  private id = '';
  /** Places of content blocks that are calls of our tools. */
  private readonly tools = new Set<number>();

  protected get usage(): Usage | undefined {
    if (this.counted === undefined) return undefined;
    const { fresh = 0, stored = 0, read = 0, said = 0 } = this.counted;
    return {
      ...{ inputTokens: fresh + stored + read, outputTokens: said },
      ...(read > 0 ? { cachedInputTokens: read } : {}),
      ...(stored > 0 ? { cacheWriteTokens: stored } : {}),
    };
  }

  read(data: string): readonly AnswerEvent[] {
    const event = messageEvent(data);
    if (event.type === 'error') throw failedMeanwhile();
    if (event.type === 'message_stop') this.over = true;
    if (event.type === 'message_start') this.begin(event);
    if (event.type === 'content_block_start') return this.open(event);
    if (event.type === 'content_block_delta') return this.grow(event);
    if (event.type === 'message_delta') this.conclude(event);
    return [];
  }

  readWhole({ type, blocks, reason, ...message }: WholeMessage): readonly AnswerEvent[] {
    if (type === 'error') throw failedMeanwhile();
    if (type !== 'message') throw malformed();
    this.over = true;
    this.begin({ message });
    this.conclude({ delta: { text: undefined, json: undefined, reason }, usage: undefined });
    return blocks.flatMap((block, index) => this.open({ index, block }));
  }

  private begin({ message }: Pick<MessageEvent, 'message'>): void {
    this.id = message?.id ?? '';
    this.model = message?.model;
    this.count(message?.usage);
  }

  private open({ index, block }: Pick<MessageEvent, 'index' | 'block'>): readonly AnswerEvent[] {
    if (block?.type === 'text' && block.text) return [words(block.text)];
    if (block?.type !== 'tool_use') return [];
    if (index !== undefined) this.tools.add(index);
    const { id, name, input } = block;
    return this.call({ index, id, name, arguments: wholeInput(input) });
  }

  private grow({ index, delta }: MessageEvent): readonly AnswerEvent[] {
    if (delta?.text) return [words(delta.text)];
    if (!delta?.json || index === undefined || !this.tools.has(index)) return [];
    return this.call({ index, id: undefined, name: undefined, arguments: delta.json });
  }

  private call(piece: Parameters<typeof this.calls.read>[0]): readonly AnswerEvent[] {
    const call = this.calls.read(piece, this.id);
    return call === undefined ? [] : [call];
  }

  private conclude({ delta, usage }: Pick<MessageEvent, 'delta' | 'usage'>): void {
    this.count(usage);
    const reason = delta?.reason;
    if (reason) this.finish = FINISHES.get(reason) ?? 'stop';
  }

  /** Counts are cumulative, and told early or late: the largest of each is the last. */
  private count(told: Counts | undefined): void {
    if (told === undefined) return;
    const most = (name: keyof Counts) => Math.max(this.counted?.[name] ?? 0, told[name] ?? 0);
    this.counted = { fresh: most('fresh'), stored: most('stored'), read: most('read'), said: most('said') };
  }
}

/** Arguments are told in pieces after an empty object; some servers tell them whole at once. */
function wholeInput(input: unknown): string {
  const told = typeof input === 'object' && input !== null && Object.keys(input).length > 0;
  return told ? JSON.stringify(input) : '';
}
