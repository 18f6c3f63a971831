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

  it('takes as long for each piece of a text without a space, however long that is', () => {
    const once = (text: string): number => {
      const start = performance.now();
      expect(split(text)).toHaveLength(text.length / 400);
      return performance.now() - start;
    };
    const took = (length: number): number => Math.min(...[1, 2, 3].map(() => once('x'.repeat(length))));
    // Four times the text: sixteen times the work where each piece is looked for in all of it.
    expect(took(4_000_000)).toBeLessThan(10 * Math.max(1, took(1_000_000)));
  });

  it('takes a paragraph of half a million sentences', () => {
    expect(split('Go. '.repeat(500_000))).toHaveLength(500_000);
  });

  it('loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
        expect(split(text).join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
      }),
    );
  });
});
