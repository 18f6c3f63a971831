import type { AnswerEvent } from './answer-event.js';
import { words } from './answer-reading.js';

/** Neighbours that belong together as one. */
export function joined(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const all: AnswerEvent[] = [];
  for (const event of events) {
    const sum = sumOf(all.at(-1), event);
    if (sum !== undefined) all.pop();
    all.push(sum ?? event);
  }
  return all;
}

function sumOf(before: AnswerEvent | undefined, next: AnswerEvent): AnswerEvent | undefined {
  if (before?.type === 'words' && next.type === 'words') return words(before.text + next.text);
  if (before?.type === 'refusal' && next.type === 'refusal') return { ...next, text: before.text + next.text };
  if (before?.type !== 'call' || next.type !== 'call' || before.index !== next.index) return undefined;
  return { ...next, arguments: before.arguments + next.arguments };
}
