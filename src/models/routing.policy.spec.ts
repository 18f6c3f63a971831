import { describe, expect, it } from '@jest/globals';
import { candidates } from './routing.policy.js';

const first = {
  models: [
    { id: 'a', kind: 'text', provider: 'first' },
    { id: 'e', kind: 'embedding', provider: 'first' },
  ],
} as const;
const second = { models: [{ id: 'b', kind: 'text', provider: 'second' }] } as const;

describe('candidates', () => {
  it.each([
    ['no model takes everyone of the kind, in order', 'text', undefined, [first, second]],
    ['no model leaves out who has none of the kind', 'embedding', undefined, [first]],
    ['a named model takes only who serves it', 'text', 'b', [second]],
    ['a model of the other kind is nobody', 'text', 'e', []],
    ['an unknown model is nobody', 'text', 'zzz', []],
  ] as const)('%s', (_title, kind, model, expected) => {
    expect(candidates([first, second], kind, model)).toEqual(expected);
  });
});
