import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingAnswer } from './growing-answer.js';
import { PartialJson } from './partial-json.js';

const shownAfter = (text: string): unknown => {
  const json = new PartialJson();
  json.push(text);
  return json.snapshot();
};

describe('PartialJson', () => {
  it.each([
    ['nothing before the first bracket', 'Here you are: ', undefined],
    ['an open member as it stands', '{"nodes":[', { nodes: [] }],
    ['only whole elements', '{"nodes":[{"id":"a"},{"id":"b"', { nodes: [{ id: 'a' }] }],
    ['no half string', '{"a":"one","b":"tw', { a: 'one' }],
    ['no number that may go on', '{"a":[1,12', { a: [1] }],
    ['a number once it has ended', '{"a":[1,12 ', { a: [1, 12] }],
    ['open objects along members', '{"a":{"b":{"c":true,"d":[null,', { a: { b: { c: true, d: [null] } } }],
    ['no array inside an open element', '{"a":[[1,2],[3', { a: [[1, 2]] }],
    ['escapes and characters of any plane', '{"a":"q\\"\\u00e9\\n🍵"', { a: 'q"é\n🍵' }],
    ['a member named by nothing', '{"":1,"b":', { '': 1 }],
    ['the answer inside a fence', '```json\n{"a":1}\n```', { a: 1 }],
  ])('shows %s', (_title, text, expected) => {
    expect(shownAfter(text)).toEqual(expected);
  });

  it('keeps __proto__ as data', () => {
    const shown = shownAfter('{"__proto__":{"admin":true},"a":1');
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
    expect(Object.keys(Object(shown))).toEqual(['__proto__']);
  });

  it.each(['{"a":1]', '{1:2', '{"a":nul,', `{"a":${'['.repeat(100)}`])('stops growing on %s', (text) => {
    const json = new PartialJson();
    json.push(text);
    expect(json.over).toBe(true);
    expect(json.push('"b":1}')).toBe(false);
  });

  it('reads what JSON.parse reads, however the text is cut', () => {
    const container = fc.jsonValue({ maxDepth: 5 }).map((value) => ({ value }));
    fc.assert(
      fc.property(
        container,
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.boolean(),
        (value, sizes, pretty) => {
          const text = JSON.stringify(value, undefined, pretty ? 2 : 0);
          const json = new PartialJson();
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value;
            json.push(text.slice(at, at + size));
            at += size;
          }
          expect(json.snapshot()).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('leaves earlier snapshots as they were', () => {
    const json = new PartialJson();
    json.push('{"nodes":[{"id":"a"},');
    const early = json.snapshot();
    json.push('{"id":"b"}],"c":1');
    expect(early).toEqual({ nodes: [{ id: 'a' }] });
  });
});

describe('GrowingAnswer', () => {
  it('shows an ordinary draft at each whole piece and not between', () => {
    const answer = new GrowingAnswer();
    const shown = ['{"nodes":[{"id":', '"a"}', ',{"id"', ':"b"}', '],"x":"']
      .map((text) => answer.push(text))
      .filter((value) => value !== undefined);
    expect(shown).toEqual([
      { nodes: [{ id: 'a' }] },
      { nodes: [{ id: 'a' }, { id: 'b' }] },
      { nodes: [{ id: 'a' }, { id: 'b' }] },
    ]);
  });

  it('copies no more than a fixed number of entries for each character', () => {
    const answer = new GrowingAnswer();
    answer.push('{"a":[0');
    let copied = 0;
    for (let index = 0; index < 20_000; index++) {
      const shown = answer.push(',1');
      if (shown !== undefined) copied += JSON.stringify(shown).length / 2;
    }
    expect(copied).toBeGreaterThan(20_000);
    expect(copied).toBeLessThan(40_000 * 16 + 1_000);
  });
});
