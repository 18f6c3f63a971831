import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HotKey } from './hot.port.js';
import { spell } from './hot-key.policy.js';

const anyKey: fc.Arbitrary<HotKey> = fc.record({
  tenant: fc.string({ unit: fc.constantFrom('a', ':', '{', '}', '%', '0', '\ud800', 'é') }),
  area: fc.constantFrom('log' as const, 'lock' as const),
  id: fc.string({ unit: fc.constantFrom('a', ':', '{', '}', '%', '0', 'lock', '\udfff') }),
});

describe('a spelled key', () => {
  it('reads as namespace, tenant in braces, area, id', () => {
    expect(spell('countersign', { tenant: 'acme', area: 'log', id: 'strm_1' })).toBe('countersign:{acme}:log:strm_1');
  });

  it('is different for different keys', () => {
    const apart = fc.property(anyKey, anyKey, (one, other) => {
      const equal = one.tenant === other.tenant && one.area === other.area && one.id === other.id;
      expect(spell('n', one) === spell('n', other)).toBe(equal);
    });
    fc.assert(apart, { numRuns: 2_000 });
  });

  it('has one pair of braces, never empty, that holds the tenant alone', () => {
    const slot = fc.property(anyKey, (key) => {
      expect(spell('n', key)).toMatch(/^n:\{[^{}:]+\}:(log|lock):[^{}:]*$/);
      expect(spell('n', key)).toBe(Buffer.from(spell('n', key), 'ascii').toString());
    });
    fc.assert(slot, { numRuns: 2_000 });
  });
});
