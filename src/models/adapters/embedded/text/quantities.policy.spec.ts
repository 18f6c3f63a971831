import { describe, expect, it } from '@jest/globals';
import { isDated, quantities } from './quantities.policy.js';

const found = (text: string): [number, string][] => quantities(text, 0).map(({ value, unit }) => [value, unit]);

describe('quantities', () => {
  it.each([
    ['costs 180,000 euros', [[180_000, 'money']]],
    ['costs €2.5 million', [[2_500_000, 'money']]],
    ['falls by 18 %', [[18, '%']]],
    ['at 11.5 percent premium', [[11.5, '%']]],
    ['needs 6 MW', [[6, 'mw']]],
    ['1.200 Stück', [[1200, 'stück']]],
    ['lose seven minutes', [[7, 'minutes']]],
    [
      'from 143 to 118 visitors',
      [
        [143, ''],
        [118, 'visitors'],
      ],
    ],
    ['Apache-2.0 and AGPL-3.0', []],
    ['no numbers', []],
  ])('%j holds %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('takes the number of a name for no amount', () => {
    expect(found('fire crossed Highway 12 overnight')).toEqual([[12, '']]);
  });

  it('says where the number stands', () => {
    const text = 'about 210 patients a day';
    const [first] = quantities(text, 0);
    expect(text.slice(first?.start, first?.end)).toBe('210 patients');
  });

  it.each([
    ['before 1 June', true],
    ['by the end of May', true],
    ['in 2031', true],
    ['before lunch', false],
  ])('%j is dated: %j', (text, expected) => {
    expect(isDated(text)).toBe(expected);
  });

  it.each(['12% because of weekend pay', '12% if it rains', '12% while prices rise'])(
    'a word that begins the next statement is no unit: %j',
    (text) => {
      expect(quantities(text, 0)).toEqual([{ value: 12, unit: '%', written: '12%', start: 0, end: 3 }]);
    },
  );
});
