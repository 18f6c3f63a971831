import type { AnswerEvent, AnswerEvents } from '../upstream/answer-event.js';
import { words } from '../upstream/answer-reading.js';

const FENCE = '```';
/** More empty space than this before a fence is no fence's. */
const MOST_HELD = 1_000;

/** The JSON of an answer that was asked for in words: models like to put it inside a fence. */
export async function* unfenced(events: AnswerEvents): AsyncGenerator<AnswerEvent> {
  const fence = new Fence();
  for await (const event of events) {
    const text = event.type === 'words' ? fence.push(event.text) : fence.rest();
    if (text !== '') yield words(text);
    if (event.type !== 'words') yield event;
  }
}

/** Takes the fence off a text that comes in pieces. */
class Fence {
  private state: 'before' | 'plain' | 'fenced' = 'before';
  private held = '';

  /** What is certainly inside. */
  push(text: string): string {
    this.held += text;
    if (this.state === 'before') this.begin();
    if (this.state === 'before') return '';
    const inside = this.state === 'plain' ? this.held : beforeFence(this.held);
    const ready = this.held.length - inside.length > MOST_HELD ? this.held : inside;
    this.held = this.held.slice(ready.length);
    return ready;
  }

  /** What turned out to be inside when nothing more came. */
  rest(): string {
    const rest = this.state === 'fenced' && this.held.trim() === FENCE ? '' : this.held;
    this.held = '';
    return rest;
  }

  private begin(): void {
    const text = this.held.trimStart();
    if (!text.startsWith(FENCE.slice(0, text.length)) || this.held.length > MOST_HELD) this.state = 'plain';
    const lineEnd = text.indexOf('\n');
    if (this.state === 'plain' || lineEnd === -1) return;
    this.state = 'fenced';
    this.held = text.slice(lineEnd + 1);
  }
}

/** Without what may still turn out to be the closing fence, or empty space before it. */
function beforeFence(text: string): string {
  const end = text.trimEnd();
  const marks = [3, 2, 1, 0].find((count) => end.endsWith(FENCE.slice(0, count))) ?? 0;
  return end.slice(0, end.length - marks).trimEnd();
}
