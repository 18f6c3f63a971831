import { expect, it } from '@jest/globals';
import { attendanceOf } from './attendance.policy.js';

it.each([
  ['a key goes on when its caller leaves', { kind: 'keyed', key: 'k' }, undefined],
  ['a counted first attempt waits for its retry', { kind: 'first', marked: true }, { comeBackMs: 10_000 }],
  ['a retry waits for the next one', { kind: 'retry' }, { comeBackMs: 10_000 }],
  ['anything else stops at once', { kind: 'first', marked: false }, { comeBackMs: 0 }],
] as const)('a stream with %s', (_rule, repeat, expected) => {
  expect(attendanceOf(repeat)).toEqual(expected);
});
