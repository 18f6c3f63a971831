import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { embed } from './embed.policy.js';
import { hash } from './hash.policy.js';

const likeness = (a: string, b: string): number => {
  const other = embed(b, 256);
  return embed(a, 256).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
};

describe('embed', () => {
  it.each([
    ['hospital triage nurses', 'nurses doing triage in a hospital', 'quarterly revenue grew in Asia'],
    ['the bus is late because of snow', 'buses were late due to the snow', 'a licence for the storage engine'],
    ['electrification of the fleet', 'electrify fleets', 'grass pitch drainage'],
    ['工厂搬到越南', '把工厂搬到河内', '今天天气很好'],
  ])('%j is nearer to %j than to %j', (text, near, far) => {
    expect(likeness(text, near)).toBeGreaterThan(likeness(text, far) + 0.2);
  });

  it('does not care for case or the form of a letter', () => {
    expect(likeness('Café Société', 'cafe\u0301 socie\u0301te\u0301')).toBeCloseTo(1);
  });

  it('has length 1 and as many numbers as asked, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(8, 256, 2_048), (text, dimensions) => {
        const vector = embed(text, dimensions);
        expect(vector.length).toBe(dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1);
        expect(vector).toEqual(embed(text, dimensions));
      }),
      { numRuns: 60 },
    );
  });

  it('tells texts of signs apart', () => {
    expect(embed('!!!', 64)).not.toEqual(embed('???', 64));
  });
});

describe('hash', () => {
  it('spreads its features evenly over places and signs', () => {
    const counts = new Map<number, number>();
    for (let at = 0; at < 6_400; at += 1) {
      const text = `feature-${at}`;
      const place = (hash(text, 0, text.length, 1) >>> 1) % 64;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    expect(counts.size).toBe(64);
    expect(Math.max(...counts.values())).toBeLessThan(160);
  });

  it('depends on the seed', () => {
    expect(hash('tea', 0, 3, 1)).not.toBe(hash('tea', 0, 3, 2));
  });
});
