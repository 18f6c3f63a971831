import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeClaim, type KeptRecord, LEASE_MS } from './claim.policy.js';

const NOW = 1_000_000;
const running: KeptRecord = { fingerprint: 'f', answer: undefined, leaseUntil: NOW + 1, expiresAt: NOW + 1_000 };

describe('what a request finds under its name', () => {
  it.each([
    ['nothing', undefined, 'free'],
    ['the same request, running', running, 'running'],
    ['the same request, its holder silent for the lease', { ...running, leaseUntil: NOW }, 'free'],
    ['its answer', { ...running, answer: new Uint8Array() }, 'stored'],
    ['its answer, long after the lease', { ...running, answer: new Uint8Array(), leaseUntil: 0 }, 'stored'],
    ['its answer, expired', { ...running, answer: new Uint8Array(), expiresAt: NOW }, 'free'],
    ['another request, running', { ...running, fingerprint: 'g' }, 'mismatch'],
    ['another request, its holder gone', { ...running, fingerprint: 'g', leaseUntil: 0 }, 'mismatch'],
    ['another request, expired', { ...running, fingerprint: 'g', expiresAt: NOW }, 'free'],
  ] as const)('%s', (_what, kept, verdict) => {
    expect(judgeClaim(kept, 'f', NOW)).toBe(verdict);
  });

  type Step =
    | { readonly do: 'claim'; readonly fingerprint: string }
    | { readonly do: 'keep' | 'free' | 'renew' | 'die' }
    | { readonly do: 'wait'; readonly ms: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant('claim' as const), fingerprint: fc.constantFrom('f', 'g') }),
    fc.record({ do: fc.constantFrom('keep' as const, 'free' as const, 'renew' as const, 'die' as const) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2 * LEASE_MS }) }),
  );

  it('never lets a request run while another one under the name lives, nor after it was answered', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => play(steps)));
  });

  /** One name, its holders and a clock, told by the rule alone. */
  function play(steps: readonly Step[]): void {
    let now = NOW;
    let kept: KeptRecord | undefined;
    let holder: { alive: boolean } | undefined;
    for (const each of steps) {
      if (each.do === 'wait') {
        // A holder that lives renews in time.
        for (let left = each.ms; left > 0; left -= LEASE_MS / 3) {
          now += Math.min(left, LEASE_MS / 3);
          if (holder?.alive === true && kept !== undefined) kept = { ...kept, leaseUntil: now + LEASE_MS };
        }
      } else if (each.do === 'claim') {
        const verdict = judgeClaim(kept, each.fingerprint, now);
        if (verdict !== 'free') continue;
        expect({ alive: holder?.alive ?? false, answered: kept?.answer !== undefined }).toEqual({
          alive: false,
          answered: false,
        });
        holder = { alive: true };
        const { fingerprint } = each;
        kept = { fingerprint, answer: undefined, leaseUntil: now + LEASE_MS, expiresAt: now + 1e9 };
      } else if (holder?.alive === true && kept !== undefined) {
        if (each.do === 'keep') kept = { ...kept, answer: new Uint8Array() };
        if (each.do === 'free') kept = undefined;
        if (each.do !== 'renew') holder.alive = false;
      }
    }
  }
});
