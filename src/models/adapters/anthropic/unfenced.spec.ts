import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerEvent } from '../upstream/answer-event.js';
import { words } from '../upstream/answer-reading.js';
import { unfenced } from './unfenced.js';

const END: AnswerEvent = { type: 'end', finish: 'stop', usage: undefined, model: undefined };

async function* said(pieces: readonly string[]): AsyncGenerator<AnswerEvent> {
  yield* pieces.map(words);
  yield END;
}

async function heard(...pieces: string[]): Promise<string> {
  const events = await Array.fromAsync(unfenced(said(pieces)));
  expect(events.at(-1)).toEqual(END);
  return events.flatMap((event) => (event.type === 'words' ? [event.text] : [])).join('');
}

describe('unfenced', () => {
  it.each([
    ['a fence', '```json\n{"a":1}\n```', '{"a":1}'],
    ['a fence between empty lines', '\n```\n{"a":1}\n```\n', '{"a":1}'],
    ['no fence', '{"a":"```"}', '{"a":"```"}'],
    ['marks inside the fence', '```\n{"a":"``` x"}\n```', '{"a":"``` x"}'],
    ['a fence that is never closed', '```json\n{"a":1}', '{"a":1}'],
    ['less than a fence', '``', '``'],
    ['nothing', '', ''],
  ])('of %s gives what is inside, however it is cut', async (_what, text, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(await heard(...pieces)).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('holds back no endless empty space', async () => {
    const spaces = Array.from({ length: 50 }, () => ' '.repeat(100));
    expect(await heard(...spaces)).toBe(' '.repeat(5_000));
    expect(await heard('```\n{', ...spaces, '}\n```')).toBe(`{${' '.repeat(5_000)}}`);
  });
});
