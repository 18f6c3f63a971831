import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_USAGE } from '#src/kernel/index.js';
import type { TextEvent } from '#src/models/index.js';
import { Output, type OutputEvent } from './output.machine.js';

const ID = 'resp_01a1ffe7-c757-74a7-8419-01fc63131456';
const used = NO_USAGE;
const delta = (text: string) => ({ type: 'delta' as const, text, used });
const call = (index: number, text: string) => ({
  type: 'tool_delta' as const,
  index,
  id: `call_${index}`,
  name: 'weather',
  arguments: text,
  used,
});
type Done = Extract<TextEvent, { readonly type: 'done' }>;
const done = (more: Partial<Done> = {}): Done => ({
  type: 'done',
  text: '',
  toolCalls: [],
  finish: 'stop',
  usage: used,
  model: 'm',
  provider: 'p',
  ...more,
});

type Piece = ReturnType<typeof delta> | ReturnType<typeof call>;

function told(
  pieces: readonly Piece[],
  end = done(),
): { readonly output: Output; readonly events: readonly OutputEvent[] } {
  const output = new Output(ID);
  return { output, events: [...pieces.flatMap((piece) => output.take(piece)), ...output.finish(end)] };
}

const outline = (events: readonly OutputEvent[]) =>
  events.map(({ type, output_index }) => `${type.replace('response.', '')} ${String(output_index)}`);

/** What the deltas of an item say together. */
const said = (events: readonly OutputEvent[], index: number) =>
  events.flatMap((event) => (event.output_index === index && 'delta' in event ? [event['delta']] : [])).join('');

describe('the output of a response', () => {
  it('tells of a message in the order of the OpenAI API', () => {
    expect(outline(told([delta('Tea '), delta('first')]).events)).toEqual([
      'output_item.added 0',
      'content_part.added 0',
      'output_text.delta 0',
      'output_text.delta 0',
      'output_text.done 0',
      'content_part.done 0',
      'output_item.done 0',
    ]);
  });

  it('ends a message before a call begins, and tells mixed pieces of calls to their own items', () => {
    const { events, output } = told([delta('So:'), call(0, '{"a"'), call(1, '{"b"'), call(0, ':1}'), call(1, ':2}')]);
    expect(outline(events).slice(5)).toEqual([
      'output_item.done 0',
      'output_item.added 1',
      'function_call_arguments.delta 1',
      'output_item.added 2',
      'function_call_arguments.delta 2',
      'function_call_arguments.delta 1',
      'function_call_arguments.delta 2',
      'function_call_arguments.done 1',
      'output_item.done 1',
      'function_call_arguments.done 2',
      'output_item.done 2',
    ]);
    expect(output.items()).toMatchObject([
      { type: 'message', content: [{ text: 'So:' }] },
      { type: 'function_call', call_id: 'call_0', arguments: '{"a":1}' },
      { type: 'function_call', call_id: 'call_1', arguments: '{"b":2}' },
    ]);
  });

  it('has the items that its events told of, whatever the pieces are', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map(delta),
      fc.tuple(fc.nat({ max: 3 }), fc.string()).map(([index, text]) => call(index, text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), (pieces) => {
        const { events, output } = told(pieces);
        const items = output.items();
        const whole = events.flatMap((event) => (event.type === 'response.output_item.done' ? [event] : []));
        expect(whole.length).toBe(items.length);
        for (const event of whole) expect(event['item']).toEqual(items[Number(event.output_index)]);
        for (const [index, item] of items.entries()) {
          const text = item.type === 'message' ? Object(item.content[0]).text : item.arguments;
          expect(said(events, index)).toBe(text);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is incomplete in its last item when the model was cut', () => {
    const { output } = told([delta('one'), call(0, '{'), call(1, '{')], done({ finish: 'length' }));
    expect(output.items().map(({ status }) => status)).toEqual(['completed', 'completed', 'incomplete']);
  });

  it('is incomplete while it grows', () => {
    const output = new Output(ID);
    output.take(delta('Tea'));
    expect(output.items()).toMatchObject([{ status: 'incomplete', content: [{ text: 'Tea' }] }]);
  });

  it('tells of an answer that came in one piece, and of one without a word', () => {
    expect(said(told([], done({ text: 'Tea' })).events, 0)).toBe('Tea');
    expect(told([]).output.items()).toMatchObject([{ type: 'message', content: [{ text: '' }] }]);
    const toolCalls = [{ id: 'call_1', name: 'weather', arguments: '{}' }];
    expect(told([], done({ toolCalls, finish: 'tools' })).output.items()).toMatchObject([{ type: 'function_call' }]);
  });

  it('tells a long answer in ever larger pieces: its log stays short and loses nothing', () => {
    const count = 40_000;
    const { events } = told(Array.from({ length: count }, () => delta('word ')));
    expect(events.length).toBeLessThan(8_000);
    expect(said(events, 0)).toBe('word '.repeat(count));
  });

  it('takes no more than an answer may have', () => {
    const output = new Output(ID);
    for (let count = 0; count < 30 && !output.full; count += 1) output.take(delta('"'.repeat(100_000)));
    expect(output.full).toBe(true);
    expect(output.take(delta('more'))).toEqual([]);
    const text = Object(output.closeAll('length').at(-1)?.['item']).content[0].text as string;
    expect(JSON.stringify(text).length).toBeLessThan(2_000_000);
  });
});
