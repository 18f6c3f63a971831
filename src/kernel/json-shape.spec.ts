import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonShape } from './json-shape.js';

const shape = (text: string) => jsonShape(Buffer.from(text));

describe('jsonShape', () => {
  it.each([
    ['no nesting', '7', 0, 0],
    ['nesting of both kinds', '{"a":[{"b":[]}]}', 4, 2],
    ['siblings once', '[[],[],[]]', 2, 0],
    ['brackets and colons outside strings only', '{"a:{[":"}:{\\"[:"}', 1, 1],
    ['a string that ends in a backslash', '{"a":"\\\\","b":{}}', 2, 2],
    ['members of one name each', '{"a":1,"a":2,"\\u0061":3}', 1, 3],
    ['a string that never ends', '{"a":"{{{{', 1, 1],
  ])('counts %s', (_title, text, depth, members) => {
    expect(shape(text)).toMatchObject({ depth, members });
  });

  it('counts the members of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(shape(JSON.stringify(value)).members).toBe(members(value));
      }),
    );
  });

  it('counts every value, and none more than twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const counted = shape(JSON.stringify(value)).values;
        expect(counted).toBeGreaterThanOrEqual(values(value));
        expect(counted).toBeLessThanOrEqual(2 * values(value));
      }),
    );
  });

  it('counts no commas inside strings', () => {
    expect(shape('["a,b,c",[1]]').values).toBe(4);
  });
});

const members = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, item) => sum + members(item), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
};

const values = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce((sum: number, item) => sum + values(item), 1);
