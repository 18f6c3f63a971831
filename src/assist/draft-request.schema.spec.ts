import { describe, expect, it } from '@jest/globals';
import { constraintSentences } from './constraints.policy.js';
import { DraftGraphRequest } from './draft-request.schema.js';

const brief = 'Shall we rent in Halle or in Leipzig?';
const file = (id: string) => ({ id, kind: 'txt', name: `${id}.txt` });

const faults = (request: object): string[] => {
  const parsed = DraftGraphRequest.safeParse({ brief, ...request });
  return parsed.success ? [] : parsed.error.issues.map(({ code, path }) => `${code} ${path.join('.')}`.trim());
};

describe('a request for a draft', () => {
  it.each([
    ['a brief alone', {}],
    ['exactly 30 characters', { brief: 'x'.repeat(30) }],
    ['exactly 5000 characters outside the basic plane', { brief: '😀'.repeat(5_000) }],
    [
      'everything there is',
      {
        attachments: [file('a'), { id: 'constructor', kind: 'pdf', name: 'b.pdf' }],
        attachment_payloads: { a: 'YQ==', constructor: { data: 'b', encoding: 'utf8' } },
        library_ids: [],
        constraints: { budget: 5, calm: true, musts: ['a', 'b'], who: 'us' },
        flags: { fast: true },
        include_debug: true,
      },
    ],
  ])('may hold %s', (_what, request) => {
    expect(faults(request)).toEqual([]);
  });

  it.each([
    ['a brief of 29 characters', { brief: 'x'.repeat(29) }, ['too_small brief']],
    ['29 characters outside the basic plane', { brief: '😀'.repeat(29) }, ['too_small brief']],
    ['white space that makes up the length', { brief: `${' '.repeat(40)}short` }, ['too_small brief']],
    ['a brief of 5001 characters', { brief: 'x'.repeat(5_001) }, ['too_big brief']],
    ['a brief with a zero byte', { brief: `${brief}\0` }, ['custom brief']],
    ['a brief with half a character', { brief: `${brief}\ud83d` }, ['custom brief']],
    ['no brief', { brief: undefined }, ['invalid_type brief']],
    ['fields nobody knows', { breif: 'x' }, ['unrecognized_keys']],
    ['an attachment without payload', { attachments: [file('a')] }, ['custom attachments.0.id']],
    [
      'an attachment named after machinery',
      { attachments: [file('toString')], attachment_payloads: {} },
      ['custom attachments.0.id'],
    ],
    ['a payload without attachment', { attachment_payloads: { a: '' } }, ['custom attachment_payloads.a']],
    [
      'two attachments of one id',
      { attachments: [file('a'), file('a')], attachment_payloads: { a: '' } },
      ['custom attachments.1.id'],
    ],
    [
      'an attachment called brief',
      { attachments: [file('brief')], attachment_payloads: { brief: '' } },
      ['custom attachments.0.id'],
    ],
    [
      'an id that is a path',
      { attachments: [file('../a')], attachment_payloads: {} },
      ['invalid_format attachments.0.id', 'custom attachments.0.id'],
    ],
    [
      'a name with a line break',
      { attachments: [{ ...file('a'), name: 'a\nb' }], attachment_payloads: { a: '' } },
      ['custom attachments.0.name'],
    ],
    [
      'a kind nobody reads',
      { attachments: [{ ...file('a'), kind: 'docx' }], attachment_payloads: { a: '' } },
      ['invalid_value attachments.0.kind'],
    ],
    [
      '21 attachments',
      { attachments: Array.from({ length: 21 }, (_, index) => file(`f${index}`)) },
      ['too_big attachments'],
    ],
    ['21 constraints', { constraints: Array(21).fill('x') }, ['invalid_union constraints']],
    [
      '21 named constraints',
      { constraints: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`c${n}`, n])) },
      ['custom constraints'],
    ],
    [
      'an encoding nobody knows',
      { attachments: [file('a')], attachment_payloads: { a: { data: '', encoding: 'hex' } } },
      ['invalid_union attachment_payloads.a'],
    ],
  ])('is refused for %s', (_what, request, expected) => {
    expect(faults(request)).toEqual(expected);
  });

  it('keeps the brief as it was sent', () => {
    const sent = `  ${brief}\r\n`;
    expect(DraftGraphRequest.parse({ brief: sent }).brief).toBe(sent);
  });
});

describe('constraints', () => {
  it.each([
    [undefined, []],
    [
      ['Cheap.', ' Quiet\n enough '],
      ['Cheap.', 'Quiet enough'],
    ],
    [{ budget: 20_000, calm: true, musts: ['safe', 'quiet'] }, ['budget: 20000', 'calm: true', 'musts: safe; quiet']],
  ])('%j become sentences', (constraints, sentences) => {
    expect(constraintSentences(constraints)).toEqual(sentences);
  });
});
