import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sentences } from './sentences.policy.js';

const split = (text: string): string[] =>
  sentences(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each([
    ['We wait. They act!', ['We wait.', 'They act!']],
    [
      'Dr. Okafor asked St. Brigid’s, e.g. by mail. Then he left.',
      ['Dr. Okafor asked St. Brigid’s, e.g. by mail.', 'Then he left.'],
    ],
    ['It costs 0.45 euros per km. Cheap.', ['It costs 0.45 euros per km.', 'Cheap.']],
    ['gusts of 70 km/h. Containment is low.', ['gusts of 70 km/h.', 'Containment is low.']],
    ['J. Smith signs; B. Jones pays.', ['J. Smith signs;', 'B. Jones pays.']],
    ['是否搬迁？目标是省钱。', ['是否搬迁？', '目标是省钱。']],
    ['هل ننتقل؟ نعم.', ['هل ننتقل؟', 'نعم.']],
    ['He said “go.” She went.', ['He said “go.”', 'She went.']],
    ['   ', []],
  ])('%j is read as %j', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('cuts a run without end marks, never inside a surrogate pair', () => {
    const parts = split('😀'.repeat(1_000));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.length <= 400 && part.isWellFormed())).toBe(true);
  });

  it('loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
        expect(split(text).join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
      }),
    );
  });
});
