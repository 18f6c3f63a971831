import { describe, expect, it } from '@jest/globals';
import { tone } from './tone.policy.js';
import { words } from './words.policy.js';

const of = (text: string): number => Math.sign(Math.round(tone(words(text, 0)) * 10));

describe('tone', () => {
  it.each([
    ['less of a bad thing is welcome', 'it would reduce complaints', 1],
    ['less of a good thing is not', 'it would reduce safety', -1],
    ['a good thing that falls is unwelcome', 'visitor numbers fell', -1],
    ['a bad thing that falls is welcome', 'emissions would fall', 1],
    ['however far its verb stands', 'waiting times at both counters are therefore expected to fall', 1],
    ['a loss is unwelcome', 'we might lose the youngest teams', -1],
    ['a negation turns it', 'no delay', 1],
    ['a change that does not come is turned', 'it would not reduce waste', -1],
    ['a rise that does not come too', 'without raising costs', 1],
    ['an attempt that fails is turned', 'the patch fails to reduce errors', -1],
    ['"not only" turns nothing', 'not only would costs fall', 1],
    ['who is fine pays none', 'the forklift is fine', 1],
    ['a fine is unwelcome', 'they pay a fine', -1],
    ['what has risen rose', 'rents have risen', -1],
    ['what happens to nobody is neither', 'the office is in Leeds', 0],
  ])('%s: %j', (_rule, text, sign) => {
    expect(of(text)).toBe(sign);
  });

  it.each([
    'families could come without taking time off work',
    'clerks could file claims without paperwork',
    'trucks would pass without detours',
    'patients are seen without a wait',
  ])('to be without a burden is welcome: %j', (text) => {
    expect(of(text)).toBe(1);
  });

  it.each(['they would work without insurance and without safety checks', 'a year without revenue'])(
    'to be without something good is not: %j',
    (text) => {
      expect(of(text)).toBe(-1);
    },
  );
});
