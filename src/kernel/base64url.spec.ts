import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64url } from './base64url.js';

describe('fromBase64url', () => {
  it('reads back whatever was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(fromBase64url(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('accepts one spelling of any bytes', () => {
    const spelling = fc.stringMatching(/^[A-Za-z0-9+/_= -]{0,12}$/);
    fc.assert(
      fc.property(spelling, (text) => {
        const bytes = fromBase64url(text);
        expect(bytes === undefined || bytes.toString('base64url') === text).toBe(true);
      }),
    );
  });

  it.each([
    ['padding', 'AA=='],
    ['white space', 'AA A'],
    ['a line feed at the end', 'AAAA\n'],
    ['the plain base64 alphabet', '+/+/'],
    ['stray bits at the end', 'AB'],
    ['a single character', 'A'],
    ['letters outside ASCII', 'ÀAAA'],
  ])('refuses %s', (_title, text) => {
    expect(fromBase64url(text)).toBeUndefined();
  });
});
