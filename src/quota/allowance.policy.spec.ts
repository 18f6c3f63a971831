import { describe, expect, it } from '@jest/globals';
import { allowanceOf, REQUEST_PARTS, shareOf, standingOf } from './allowance.policy.js';
import { limitHeaders } from './limit-headers.policy.js';

const plan = { principal: { rpm: 60, burst: 10 }, tenant: { rpm: 600, burst: 100 } };
const allowance = allowanceOf({ id: 'key_1', tenantId: 'acme' }, { standard: plan, stream: plan }, 'standard');
const standing = (principal: number, tenant: number) =>
  standingOf(allowance, { granted: true, missing: [principal, tenant] }, REQUEST_PARTS);

describe('an allowance', () => {
  it('keeps its buckets in one tenant, and apart from those of the other class', () => {
    const stream = allowanceOf({ id: 'key_1', tenantId: 'acme' }, { standard: plan, stream: plan }, 'stream');
    const keys = [...allowance.draws, ...stream.draws].map(({ key }) => key);
    expect(new Set(keys.map(({ tenant }) => tenant))).toEqual(new Set(['acme']));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(4);
  });

  it('does not take the bucket of a principal for that of its tenant, whatever it is called', () => {
    const ids = ['', '/', 'standard', 'standard/'].map(
      (id) => allowanceOf({ id, tenantId: 'acme' }, { standard: plan, stream: plan }, 'standard').draws[0]?.key.id,
    );
    expect(ids).not.toContain('standard');
    expect(new Set(ids).size).toBe(4);
  });

  it('counts one request for as many as there are processes, and lets each have one at least', () => {
    const [principal, tenant] = shareOf(allowance, 20 * REQUEST_PARTS).draws;
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
    expect(limitHeaders('standard', plan, standing(1 * REQUEST_PARTS + 1, 0))).toEqual({
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '8',
      'x-ratelimit-reset-requests': '1.001',
      'ratelimit-policy': '"requests";q=10;w=10',
      ratelimit: '"requests";r=8;t=2',
    });
  });

  it('speak of the tenant where it has less left', () => {
    expect(limitHeaders('stream', plan, standing(0, 95 * REQUEST_PARTS))).toMatchObject({
      'ratelimit-policy': '"streams";q=100;w=10',
      ratelimit: '"streams";r=5;t=10',
    });
  });
});
