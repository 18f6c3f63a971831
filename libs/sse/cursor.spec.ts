import { describe, expect, it } from '@jest/globals';
import { parseSequence } from './cursor.js';

describe('a sequence number', () => {
  it.each([
    ['0', 0],
    ['17', 17],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('is read from %s', (text, value) => {
    expect(parseSequence(text)).toBe(value);
  });

  it.each([
    '',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '01',
    '1.0',
    '1e3',
    '0x1',
    '1,2',
    '9007199254740992',
    '9'.repeat(400),
    '١',
    'NaN',
  ])('is not read from %j', (text) => {
    expect(parseSequence(text)).toBeUndefined();
  });
});
