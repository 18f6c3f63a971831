import { describe, expect, it } from '@jest/globals';
import { usableSecrets } from './signing-key.policy.js';

const NOW = 1_000;
const current = Uint8Array.of(1);
const former = Uint8Array.of(2);
const row = { sealedSecret: current, previousSealed: null, previousUntil: null, expiresAt: null, revokedAt: null };
const rotated = { ...row, previousSealed: former, previousUntil: new Date(NOW + 5) };

describe('the secrets of a signing key', () => {
  it.each([
    ['one, for ever', row, { usable: true, sealed: [current], until: Number.POSITIVE_INFINITY }],
    [
      'one, until it expires',
      { ...row, expiresAt: new Date(NOW + 1) },
      { usable: true, sealed: [current], until: NOW + 1 },
    ],
    ['two in a rotation, until that is over', rotated, { usable: true, sealed: [current, former], until: NOW + 5 }],
    [
      'two until the key expires, if that is sooner',
      { ...rotated, expiresAt: new Date(NOW + 2) },
      { usable: true, sealed: [current, former], until: NOW + 2 },
    ],
    [
      'one again after the rotation',
      { ...rotated, previousUntil: new Date(NOW) },
      { usable: true, sealed: [current], until: Number.POSITIVE_INFINITY },
    ],
    ['none at the instant it expires', { ...row, expiresAt: new Date(NOW) }, { usable: false, reason: 'expired' }],
    ['none when it is revoked', { ...rotated, revokedAt: new Date(NOW + 9) }, { usable: false, reason: 'revoked' }],
    ['none when none was sealed', { ...row, sealedSecret: null }, { usable: false, reason: 'not_sealed' }],
  ])('are %s', (_title, key, expected) => {
    expect(usableSecrets(key, NOW)).toEqual(expected);
  });
});
