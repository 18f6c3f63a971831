import { describe, expect, it } from '@jest/globals';
import { cutCharacters, cutLines } from './budget.policy.js';

describe('cutCharacters', () => {
  it('leaves a text alone that fits', () => {
    expect(cutCharacters('abc', 3)).toEqual({ text: 'abc', used: 3, total: 3 });
  });

  it('counts a character outside the basic plane as one and never halves it', () => {
    expect(cutCharacters('😀😀😀', 2)).toEqual({ text: '😀😀', used: 2, total: 3 });
  });

  it('uses nothing when nothing is left', () => {
    expect(cutCharacters('abc', 0)).toEqual({ text: '', used: 0, total: 3 });
  });
});

describe('cutLines', () => {
  it('keeps whole lines only', () => {
    expect(cutLines('mean 10.5\nmean 20.5\n', 15)).toEqual({ text: 'mean 10.5', used: 9, total: 20 });
  });

  it('uses nothing of a first line that does not fit', () => {
    expect(cutLines('mean 10.5', 7)).toEqual({ text: '', used: 0, total: 9 });
  });
});
