import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { strictObject } from './strict-object.policy.js';

const limits = { depth: 4, members: 20 };
const read = (text: string | Uint8Array) => strictObject(Buffer.from(text as string), limits);
const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('strictObject', () => {
  it('reads any object whose members have names of their own', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (value) => {
        const text = JSON.stringify(value);
        expect(strictObject(Buffer.from(text), { depth: 64, members: 1_000 })).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives a member called __proto__ no power', () => {
    const value = read('{"__proto__":{"sub":"admin"}}');
    expect(value?.['sub']).toBeUndefined();
  });

  it.each([
    ['a name twice', '{"alg":"RS256","alg":"none"}'],
    ['a name twice, once in another spelling', '{"alg":"RS256","\\u0061lg":"none"}'],
    ['a name twice in an inner object', '{"a":{"b":1,"b":2}}'],
    ['a name twice inside an array', '{"a":[{"b":1,"b":1}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['an array', '[{}]'],
    ['null', 'null'],
    ['a string', '"{}"'],
    ['nothing', ''],
    ['text behind the object', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['a comment', '{}//'],
    ['a trailing comma', '{"a":1,}'],
    ['NaN', '{"exp":NaN}'],
    ['nesting past the limit', nested(5)],
    ['members past the limit', JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [n, 0])))],
  ])('refuses %s', (_title, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(read(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });

  it('reads up to the limits', () => {
    expect(read(nested(4))).toBeDefined();
  });
});
