import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRepeat } from './repeat-request.policy.js';

describe('what a request says about being a repeat', () => {
  it.each([
    ['a UUID', '5f2b3c1e-0000-4000-8000-000000000000'],
    ['a quoted string', '"5f2b3c1e"'],
    ['one character', '!'],
    ['255 characters', 'k'.repeat(255)],
  ])('a key is %s', (_what, key) => {
    expect(readRepeat(key, undefined)).toEqual({ kind: 'keyed', key });
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'k'.repeat(256)],
    ['words', 'two words'],
    ['a control character', 'a\tb'],
    ['a letter outside ASCII', 'clé'],
    ['two header lines', 'one, other'],
    ['a list', ['one', 'other']],
  ])('a key is not %s', (_what, key) => {
    expect(readRepeat(key, '1')).toEqual({ kind: 'invalid' });
  });

  it('a key counts more than a retry count', () => {
    expect(readRepeat('key', '1')).toEqual({ kind: 'keyed', key: 'key' });
  });

  it.each([
    ['absent', undefined, { kind: 'first', marked: false }],
    ['0', '0', { kind: 'first', marked: true }],
    ['00', '00', { kind: 'first', marked: true }],
    ['1', '1', { kind: 'retry', count: 1 }],
    ['9999', '9999', { kind: 'retry', count: 9_999 }],
    ['no number', 'one', { kind: 'first', marked: false }],
    ['negative', '-1', { kind: 'first', marked: false }],
    ['two header lines', '1, 1', { kind: 'first', marked: false }],
  ])('a retry count that is %s', (_what, count, expected) => {
    expect(readRepeat(undefined, count)).toEqual(expected);
  });

  it('takes a text for a key exactly when it is 1 to 255 visible ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
        const visible = [...text].every((unit) => unit > ' ' && unit < '\x7f');
        const expected = visible && text.length >= 1 && text.length <= 255 ? 'keyed' : 'invalid';
        expect(readRepeat(text, undefined).kind).toBe(expected);
      }),
    );
  });
});
