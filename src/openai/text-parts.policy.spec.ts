import { describe, expect, it } from '@jest/globals';
import { partsOf } from './text-parts.policy.js';

const used = { inputTokens: 1, outputTokens: 1 };
const delta = (text: string) => ({ type: 'delta', text, used }) as const;
const call = (json: string) =>
  ({ type: 'tool_delta', index: 0, id: 'call_1', name: 'weather', arguments: json, used }) as const;

describe('the parts of a piece', () => {
  it('are the piece itself, as long as it fits into one event', () => {
    const piece = delta('☕'.repeat(262_144));
    expect(partsOf(piece)).toEqual([piece]);
  });

  it('say together what the piece says, wherever it is cut', () => {
    const text = `x${'🎉'.repeat(400_000)}`;
    const parts = partsOf(delta(text));
    expect(parts.every((part) => part.type === 'delta' && part.text.length <= 262_144)).toBe(true);
    const said = parts.map((part) => (part.type === 'delta' ? part.text : ''));
    expect(said.join('')).toBe(text);
    expect(said.every((part) => part.isWellFormed())).toBe(true);
  });

  it('of a call name it, each', () => {
    const [first, second] = partsOf(call('1'.repeat(300_000)));
    expect([first, second]).toEqual([call('1'.repeat(262_144)), call('1'.repeat(37_856))]);
  });
});
