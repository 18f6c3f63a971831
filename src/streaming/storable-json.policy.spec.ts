import { expect, it } from '@jest/globals';
import { storableJson } from './storable-json.policy.js';

it.each([
  ['U+0000', { a: ['b\0c'] }, { a: ['b\ufffdc'] }],
  ['the first half of a character', ['\ud83c!'], ['\ufffd!']],
  ['the second half of a character', '\udf89', '\ufffd'],
])('replaces %s, which the database does not take', (_what, value, expected) => {
  expect(storableJson(value)).toEqual(expected);
});

it.each([[{ text: 'whole 🎉, and \\u0000 spelt out' }], [[1, null, true, '']], ['']])('keeps %j as it is', (value) => {
  expect(storableJson(value)).toEqual(value);
});

it('stores nothing as null', () => {
  expect(storableJson(undefined)).toBeNull();
});
