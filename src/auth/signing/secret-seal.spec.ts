import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '#src/kernel/index.js';
import { SecretSeal } from './secret-seal.js';

const seal = new SecretSeal(new Secret('a sealing key of at least 32 characters'), randomBytes);
const secret = Buffer.alloc(32, 7);
const owner = { tenantId: 'acme', keyId: 'key_1' };
const sealed = seal.seal(secret, owner);

describe('a sealed secret', () => {
  it('opens for its owner', () => {
    expect(seal.open(sealed, owner)).toEqual(secret);
  });

  it('looks different each time, and shows nothing of the secret', () => {
    expect(seal.seal(secret, owner)).not.toEqual(sealed);
    expect(Buffer.from(sealed).includes(secret.subarray(0, 8))).toBe(false);
  });

  it.each([
    ['another tenant', { ...owner, tenantId: 'globex' }],
    ['another key', { ...owner, keyId: 'key_2' }],
    ['an owner whose names are cut elsewhere', { tenantId: 'acmek', keyId: 'ey_1' }],
  ])('does not open for %s', (_title, other) => {
    expect(seal.open(sealed, other)).toBeUndefined();
  });

  it('does not open under another sealing key', () => {
    const other = new SecretSeal(new Secret('another key of at least 32 characters'), randomBytes);
    expect(other.open(sealed, owner)).toBeUndefined();
  });

  it('does not open when any byte was changed', () => {
    const opened = Array.from(sealed, (byte, at) => {
      const changed = Uint8Array.from(sealed);
      changed[at] = byte ^ 1;
      return seal.open(changed, owner);
    });
    expect(opened.filter((found) => found !== undefined)).toEqual([]);
  });

  it('does not open when it was cut, to whatever length', () => {
    const opened = Array.from(sealed, (_, length) => seal.open(sealed.subarray(0, length), owner));
    expect(opened.filter((found) => found !== undefined)).toEqual([]);
  });
});
