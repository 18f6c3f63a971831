import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { messageEvent, wholeMessage } from '../anthropic/message-event.policy.js';
import { chatChunk } from '../openai/chat-chunk.policy.js';

const count = z.int().min(0);
const said = z.string().nullish();

const Told = z
  .object({
    content: said,
    refusal: said,
    tool_calls: z
      .array(
        z.object({
          index: count.nullish(),
          id: said,
          function: z
            .object({
              name: said,
              arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
            })
            .nullish(),
        }),
      )
      .nullish(),
  })
  .nullish();

const chatShape = (choice: z.ZodRawShape) =>
  z.object({
    id: said,
    model: said,
    error: z.unknown().optional(),
    choices: z.array(z.object({ ...choice, finish_reason: said })).default([]),
    usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
  });

const Counts = z.object({
  input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  output_tokens: count.nullish(),
});

const MessageEvent = z.object({
  type: z.string(),
  index: count.nullish(),
  message: z.object({ id: said, model: said, usage: Counts.nullish() }).nullish(),
  content_block: z
    .object({ type: z.string(), text: said, id: said, name: said, input: z.unknown().optional() })
    .nullish(),
  delta: z.object({ text: said, partial_json: said, stop_reason: said }).nullish(),
  usage: Counts.nullish(),
});

const call = { index: 1, id: 'c', function: { name: 'f', arguments: '{}' } };
const chat = (told: 'delta' | 'message') => ({
  id: 'x',
  model: 'm',
  error: null,
  choices: [
    {
      [told]: { content: 'a', refusal: '', tool_calls: [call, { function: { arguments: { a: 1 } } }] },
      finish_reason: 's',
    },
    { [told]: { content: 'b' }, finish_reason: null },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 0 },
});

const counts = { input_tokens: 1, cache_creation_input_tokens: 2, cache_read_input_tokens: 3, output_tokens: 4 };
const event = {
  type: 'content_block_delta',
  index: 0,
  message: { id: 'x', model: 'm', usage: counts },
  content_block: { type: 'tool_use', text: 't', id: 'c', name: 'f', input: {} },
  delta: { text: 'a', partial_json: '{', stop_reason: 'end_turn' },
  usage: counts,
};

const Block = z.object({ type: z.string(), text: said, id: said, name: said, input: z.unknown().optional() });

const Message = z.union([
  z.object({
    type: z.literal('message'),
    id: said,
    model: said,
    usage: Counts.nullish(),
    content: z.array(Block),
    stop_reason: said,
  }),
  z.object({
    type: z.string().refine((type) => type !== 'message'),
    id: said,
    model: said,
    usage: Counts.nullish(),
    stop_reason: said,
  }),
]);

const message = {
  type: 'message',
  id: 'x',
  model: 'm',
  usage: counts,
  content: [
    { type: 'text', text: 't' },
    { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
  ],
  stop_reason: 'end_turn',
};

/** Every place in a value, the value itself included. */
function places(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const inside = Object.entries(value).flatMap(([name, part]) => places(part).map((place) => [name, ...place]));
  return [[], ...inside];
}

/** The value with something else at that place; with nothing there for `undefined`. */
function replaced(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  const copy: Record<string, unknown> = Array.isArray(value) ? Object(value.slice()) : { ...Object(value) };
  copy[name] = replaced(copy[name], rest, other);
  return copy;
}

const other = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, '', 'x', 0, 7, -1, 0.5, 2 ** 53, [], {}, [null], [{}], { a: [] }),
  fc.jsonValue(),
);

const refused = (read: () => unknown): boolean => {
  try {
    read();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ fault: 'malformed', message: 'The model answered in another format' });
    return true;
  }
};

describe.each<[string, z.ZodType, (data: string) => unknown, unknown]>([
  ['an event of a chat completion', chatShape({ delta: Told }), (data) => chatChunk(data, 'delta'), chat('delta')],
  ['a chat completion', chatShape({ message: Told }), (data) => chatChunk(data, 'message'), chat('message')],
  ['an event of a message', MessageEvent, messageEvent, event],
  ['a message', Message, wholeMessage, message],
])('what is read of %s', (_what, shape, read, sample) => {
  it('has its shape, and what has another shape is refused', () => {
    let refusals = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places(sample)), other, (place, changed) => {
        const json = JSON.stringify(replaced(sample, place, changed)) ?? 'null';
        const fits = shape.safeParse(JSON.parse(json)).success;
        expect(refused(() => read(json))).toBe(!fits);
        if (!fits) refusals += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(refusals).toBeGreaterThan(200);
  });

  it.each(['', '{', 'words', '"words"', '[]', 'null'])('is not found in %j', (data) => {
    expect(refused(() => read(data))).toBe(true);
  });
});
