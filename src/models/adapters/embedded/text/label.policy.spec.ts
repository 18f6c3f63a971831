import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { label, lower } from './label.policy.js';

describe('label', () => {
  it.each([
    ['and the permit could take 14 months.', 'Permit could take 14 months'],
    ['however, the wait is long', 'Wait is long'],
    ['a few have left', 'A few have left'],
    ['contact all of them by the end of May', 'Contact all of them by the end of May'],
    ['close the road with families still on it.', 'Close the road with families still on it'],
    ['renew the drainage of the pitch instead', 'Renew the drainage of the pitch'],
    ['iPhone repair and', 'iPhone repair'],
    ['  “Lease (four years', 'Lease'],
  ])('of %j is %j', (text, expected) => {
    expect(label(text, 80)).toBe(expected);
  });

  it.each([
    [
      'pilot the tablets in a single bay for three months and extend if the numbers hold',
      'Pilot the tablets in a single bay for three months',
    ],
    ['order a full evacuation, which nobody in the county has ever done before now', 'Order a full evacuation'],
    ['launch-only cover at 7 percent of the insured value each year', 'Launch-only cover at 7 percent'],
  ])('cuts %j where a phrase ends', (text, expected) => {
    expect(label(text, 60)).toBe(expected);
  });

  it.each([
    ['Open on Sundays', 'open on Sundays'],
    ['PostgreSQL', 'PostgreSQL'],
    ['NASA', 'NASA'],
  ])('%j stands inside a sentence as %j', (text, expected) => {
    expect(lower(text)).toBe(expected);
  });

  it('is never longer than asked, ends in no space, and breaks no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 20, max: 110 }), (text, max) => {
        const made = label(text, max);
        expect(made.length).toBeLessThanOrEqual(max + 4);
        expect(made).toBe(made.trim());
        expect(made.isWellFormed()).toBe(true);
      }),
    );
  });
});
