import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clean } from './clean.policy.js';
import { quoteWithin } from './quote.policy.js';

const quote = (text: string): string | undefined => quoteWithin(text, clean(text), { start: 0, end: text.length });

describe('quoteWithin', () => {
  it.each([
    ['short words', 'short words'],
    ['first line\nsecond', 'first line'],
    ['a <b>very</b> important point, they said', 'important point, they said'],
    ['***', undefined],
    [`${'word '.repeat(14)}end of it, then ${'more '.repeat(20)}`, `${'word '.repeat(14)}end of it`],
  ])('of %j is %j', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it('stands literally in the text, whole and short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const made = quote(text) ?? '';
        expect(text.includes(made)).toBe(true);
        expect(made.length).toBeLessThanOrEqual(100);
        expect(made.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('clean', () => {
  it('keeps every offset', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(clean(text).length).toBe(text.length);
      }),
    );
  });

  it.each([
    ['a <b>c</b> d', 'a    c     d'],
    ['x <script>alert(1)</script> y', 'x                           y'],
    ['**bold**', '  bold  '],
    ['see [here](http://a.b/c)!', 'see  here               !'],
    ['5 < 6 and 7 > 2', '5 < 6 and 7 > 2'],
  ])('blanks the markup of %j', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('ends a line where a block tag ends one', () => {
    expect(
      clean('<h1>Plan</h1><p>Go.</p>')
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['', 'Plan', '', 'Go.', '']);
  });
});
