import type { z } from 'zod';
import type { Usage } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from './answer-event.js';
import { sseData } from './sse-data.js';
import { ToolCalls } from './tool-calls.js';
import type { UpstreamBody } from './upstream-body.js';

/** What one answer has said about itself so far, whatever the wire format. */
export abstract class AnswerReading {
  /** The upstream has said that nothing more comes. */
  over = false;
  protected readonly calls = new ToolCalls();
  protected finish: 'stop' | 'length' | undefined;
  protected model: string | undefined;

  protected abstract readonly usage: Usage | undefined;

  /** What the data of one event says. */
  abstract read(data: string): readonly AnswerEvent[];

  /** @throws {UpstreamError} `truncated`, when the upstream never said that it had finished */
  end(): readonly AnswerEvent[] {
    if (this.finish === undefined && !this.over) {
      throw new UpstreamError('truncated', 'The answer of the model broke off');
    }
    const { usage, model } = this;
    if (this.finish === 'length') return [{ type: 'end', finish: 'length', usage, model }];
    // Servers name this end differently, some even `stop`: what was called decides.
    return [...this.calls.end(), { type: 'end', finish: this.calls.count > 0 ? 'tools' : 'stop', usage, model }];
  }
}

/** Reads the event stream of one answer. Ends with exactly one `end`, or throws. */
export async function* answerEvents(body: UpstreamBody, reading: AnswerReading): AsyncGenerator<AnswerEvent> {
  for await (const batch of sseData(body)) {
    const said: AnswerEvent[] = [];
    for (const data of batch) if (!reading.over) said.push(...reading.read(data));
    yield* joined(said);
    if (!reading.over) continue;
    body.release();
    break;
  }
  yield* reading.end();
}

/** The data of an event in the shape that is read. */
export function parseData<T>(data: string, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(jsonOf(data));
  if (parsed.success) return parsed.data;
  throw new UpstreamError('malformed', 'The model answered in another format');
}

export const words = (text: string): AnswerEvent => ({ type: 'words', text });

export const declined = (): UpstreamError => new UpstreamError('unfit', 'The model declined to answer');

export const failedMeanwhile = (): UpstreamError => new UpstreamError('busy', 'The model failed while it answered');

/** Neighbours that belong together as one. */
function joined(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
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
  if (before?.type !== 'call' || next.type !== 'call' || before.index !== next.index) return undefined;
  return { ...next, arguments: before.arguments + next.arguments };
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
