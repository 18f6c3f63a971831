import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonBody } from './json-body.policy.js';

const parse = (text: string) => parseJsonBody(Buffer.from(text));
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('JSON body', () => {
  it('any JSON value comes back as JSON.parse would read it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    ['not JSON', '{"a":', 'malformed'],
    ['a trailing comma', '{"a":1,}', 'malformed'],
    ['an unterminated string', '{"a":"b\\"', 'malformed'],
    ['__proto__ as a key', '{"__proto__":{"x":1}}', 'forbidden_key'],
    ['__proto__ written with escapes', '{"\\u005f_proto__":{"x":1}}', 'forbidden_key'],
    ['constructor.prototype', '{"a":{"constructor":{"prototype":{"x":1}}}}', 'forbidden_key'],
    ['300 levels', nested(300), 'too_deep'],
    ['60,000 members', `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join()}}`, 'too_many_members'],
    ['120,000 elements', `[${'0,'.repeat(119_999)}0]`, 'too_many_values'],
    ['60,000 empty lists', `[${'[],'.repeat(59_999)}[]]`, 'too_many_values'],
  ])('%s is refused', (_what, text, reason) => {
    expect(parse(text)).toEqual({ ok: false, reason });
  });

  it('bytes that are not UTF-8 are refused', () => {
    expect(parseJsonBody(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual({ ok: false, reason: 'not_utf8' });
  });

  it('brackets, colons and quotes inside strings do not count', () => {
    const text = JSON.stringify({ a: `${'['.repeat(500)}\\" : "` });
    expect(parse(text)).toMatchObject({ ok: true });
  });

  it('50,000 members and 90,000 elements are fine', () => {
    expect(parse(`{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join()}}`)).toMatchObject({ ok: true });
    expect(parse(`[${'0,'.repeat(89_999)}0]`)).toMatchObject({ ok: true });
  });

  it('64 levels are fine', () => {
    expect(parse(nested(64))).toMatchObject({ ok: true });
  });
});
