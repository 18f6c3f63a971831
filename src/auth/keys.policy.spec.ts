import { describe, expect, it } from '@jest/globals';
import type { ApiKeyRow } from './api-keys.table.js';
import { keyFactsOf, mayGrant, rolesOf, statusOf, viewOf } from './keys.policy.js';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const row: ApiKeyRow = {
  id: 'key_0199c0de-0000-7000-8000-0123456789ab',
  tenantId: 'acme',
  name: 'ci',
  kind: 'api',
  roles: ['user', 'emperor'],
  secretHash: Buffer.alloc(32, 1),
  previousHash: Buffer.alloc(32, 2),
  sealedSecret: null,
  previousSealed: null,
  previousUntil: new Date(NOW + 5),
  createdBy: 'key_boot_0123456789abcdef',
  createdAt: new Date(NOW),
  expiresAt: null,
  revokedAt: null,
};

describe('mayGrant', () => {
  it.each([
    ['what the caller holds', ['a:b', 'c:d'], ['a:b'], true],
    ['nothing', ['a:b'], [], true],
    ['not one scope more than the caller holds', ['a:b'], ['a:b', 'c:d'], false],
  ])('grants %s', (_title, held, granted, expected) => {
    expect(mayGrant(new Set(held), new Set(granted))).toBe(expected);
  });
});

describe('a stored key', () => {
  it('holds only roles that exist', () => {
    expect(rolesOf(row)).toEqual(['user']);
  });

  it.each([
    ['active without an end', { expiresAt: null, revokedAt: null }, 'active'],
    ['active before its end', { expiresAt: new Date(NOW + 1), revokedAt: null }, 'active'],
    ['expired at its end', { expiresAt: new Date(NOW), revokedAt: null }, 'expired'],
    ['revoked, also when expired', { expiresAt: new Date(NOW - 1), revokedAt: new Date(NOW) }, 'revoked'],
  ] as const)('is %s', (_title, facts, expected) => {
    expect(statusOf(facts, NOW)).toBe(expected);
  });

  it('is shown without its digests', () => {
    expect(viewOf(row, NOW)).toEqual({
      id: row.id,
      name: 'ci',
      kind: 'api',
      roles: ['user'],
      prefix: 'cs_0199c0de0000700080000123456789ab',
      status: 'active',
      created_at: '2026-01-02T03:04:05.678Z',
      created_by: 'key_boot_0123456789abcdef',
      expires_at: null,
      revoked_at: null,
      previous_until: '2026-01-02T03:04:05.683Z',
    });
  });

  it('has no former secret unless both its digest and its end are stored', () => {
    expect(keyFactsOf(row).previous).toEqual({ secretHash: row.previousHash, until: NOW + 5 });
    expect(keyFactsOf({ ...row, previousUntil: null }).previous).toBeUndefined();
    expect(keyFactsOf({ ...row, previousHash: null }).previous).toBeUndefined();
  });
});
