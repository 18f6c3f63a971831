import { describe, expect, it } from '@jest/globals';
import { allowanceOf, REQUEST_PARTS, shareOf, standingOf } from './allowance.policy.js';
import { limitHeaders } from './limit-headers.policy.js';
import { tokenStandingOf } from './tokens/token-standing.policy.js';

const plan = { principal: { rpm: 60, burst: 10 }, tenant: { rpm: 600, burst: 100 } };
const plans = { standard: plan, stream: plan, tokens: { principal: 1_000, tenant: 10_000 } };
const allowance = allowanceOf({ id: 'key_1', tenantId: 'acme' }, plans, 'standard');
const noon = Date.parse('2026-01-02T12:00:00Z');
const tally = (principal: number, tenant: number) => ({
  at: noon,
  endsAt: noon + 43_200_000,
  accounts: [principal, tenant].map((settled) => ({ settled, reserved: 0, since: 1 })),
});
const standings = (principal: number, tenant: number) => ({
  standing: standing(principal, tenant),
  tokens: tokenStandingOf(allowance.accounts, tally(100, 9_500)),
});
const standing = (principal: number, tenant: number) =>
  standingOf(allowance, { granted: true, missing: [principal, tenant] }, REQUEST_PARTS);

describe('an allowance', () => {
  it('keeps its buckets in one tenant, and apart from those of the other class', () => {
    const stream = allowanceOf({ id: 'key_1', tenantId: 'acme' }, plans, 'stream');
    const keys = [...allowance.draws, ...stream.draws].map(({ key }) => key);
    expect(new Set(keys.map(({ tenant }) => tenant))).toEqual(new Set(['acme']));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(4);
  });

  it('does not take the bucket of a principal for that of its tenant, whatever it is called', () => {
    const ids = ['', '/', 'standard', 'standard/'].map(
      (id) => allowanceOf({ id, tenantId: 'acme' }, plans, 'standard').draws[0]?.key.id,
    );
    expect(ids).not.toContain('standard');
    expect(new Set(ids).size).toBe(4);
  });

  it('counts one request for as many as there are processes, and lets each have one at least', () => {
    const [principal, tenant] = shareOf(allowance, 20).draws;
    expect(principal?.terms).toEqual({ capacity: 20 * REQUEST_PARTS, refill: 60 });
    expect(tenant?.terms).toEqual({ capacity: 100 * REQUEST_PARTS, refill: 600 });
  });
});

describe('how a principal stands', () => {
  it.each([
    ['by its own bucket', 3 * REQUEST_PARTS, 0, { owner: 'principal', limit: 10, remaining: 7, resetMs: 3_000 }],
    ['by the tenant’s, when that has less', 0, 95 * REQUEST_PARTS, { owner: 'tenant', limit: 100, remaining: 5 }],
    ['with what is left of a request counted as none', REQUEST_PARTS * 9.5, 0, { remaining: 0, waitMs: 500 }],
    ['with the longer of two waits', 10 * REQUEST_PARTS, 100 * REQUEST_PARTS, { waitMs: 1_000 }],
    ['with nothing to wait for', 9 * REQUEST_PARTS, 0, { remaining: 1, waitMs: 0 }],
  ])('is told %s', (_title, principal, tenant, expected) => {
    expect(standing(principal, tenant)).toMatchObject(expected);
  });
});

describe('the headers of limits', () => {
  it('have the names of both worlds', () => {
    expect(limitHeaders('standard', plan, standings(1 * REQUEST_PARTS + 1, 0))).toEqual({
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '8',
      'x-ratelimit-reset-requests': '1.001',
      'ratelimit-policy': '"requests";q=10;w=10',
      ratelimit: '"requests";r=8;t=2',
      'x-ratelimit-limit-tokens': '10000',
      'x-ratelimit-remaining-tokens': '500',
      'x-ratelimit-reset-tokens': '43200.000',
    });
  });

  it('speak of the tenant where it has less left', () => {
    expect(limitHeaders('stream', plan, standings(0, 95 * REQUEST_PARTS))).toMatchObject({
      'ratelimit-policy': '"streams";q=100;w=10',
      ratelimit: '"streams";r=5;t=10',
    });
  });
});
