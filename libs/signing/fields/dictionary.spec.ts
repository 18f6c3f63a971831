import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDictionary } from './dictionary.js';

const itemOf = (text: string): unknown => {
  const member = parseDictionary(`a=${text}`)?.get('a');
  return member?.kind === 'item' ? member.value : member?.kind;
};

describe('a structured field (RFC 9651)', () => {
  it.each<[string, unknown]>([
    ['-0', { kind: 'integer', value: -0 }],
    ['999999999999999', { kind: 'integer', value: 999_999_999_999_999 }],
    ['-1.5', { kind: 'decimal', value: -1.5 }],
    ['999999999999.123', { kind: 'decimal', value: 999_999_999_999.123 }],
    ['"a \\"b\\" \\\\"', { kind: 'string', value: 'a "b" \\' }],
    ['*a/b:c', { kind: 'token', value: '*a/b:c' }],
    [':AQID:', { kind: 'bytes', value: Buffer.from([1, 2, 3]) }],
    ['::', { kind: 'bytes', value: Buffer.alloc(0) }],
    ['?0', { kind: 'boolean', value: false }],
    ['@-1659578233', { kind: 'date', value: -1_659_578_233 }],
    ['%"f%c3%bc%22"', { kind: 'display', value: 'fü"' }],
    ['("x" y;z)', 'list'],
  ])('holds %s', (text, value) => {
    expect(itemOf(text)).toEqual(value);
  });

  it.each([
    '1000000000000000',
    '1.',
    '1.2345',
    '1234567890123.1',
    '--1',
    '"a',
    '"a\\b"',
    '"\u00e9"',
    "'a'",
    ':A:',
    ':AQI:',
    ':AQJ=:',
    ':AQ ID:',
    '?2',
    '@1.5',
    '%"%C3%BC"',
    '%"%ff"',
    '("x""y")',
    '("x"\t"y")',
    '(("x"))',
    '1 2',
    '1;A=2',
    '1;a=1;a=2',
    '',
  ])('does not hold %s', (text) => {
    expect(parseDictionary(`a=${text}`)).toBeUndefined();
  });

  it.each([
    ['a name in capitals', 'A=1'],
    ['a name twice', 'a=1, a=1'],
    ['a comma at the end', 'a=1,'],
    ['a comma at the start', ',a=1'],
    ['two commas', 'a=1,,b=2'],
    ['a semicolon for a comma', 'a=1; b=2 c'],
    ['a blank before the sign', 'a =1'],
  ])('is none with %s', (_title, text) => {
    expect(parseDictionary(text)).toBeUndefined();
  });

  it('keeps members and parameters in order, with blanks where they may be', () => {
    const members = parseDictionary('  b;  y;x=2 ,\t a=(1  2 );z ');
    expect([...(members?.keys() ?? [])]).toEqual(['b', 'a']);
    expect([...(members?.get('b')?.parameters.keys() ?? [])]).toEqual(['y', 'x']);
  });

  it('is empty when the text is', () => {
    expect(parseDictionary('')?.size).toBe(0);
  });

  it('gives an answer to any text, and never an exception', () => {
    const piece = fc.constantFrom('a', '=', '(', ')', '"', ':', ';', ',', ' ', '1', '.', '%', '@', '?', '\\', '\u00fc');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        parseDictionary(pieces.join(''));
      }),
    );
  });
});
