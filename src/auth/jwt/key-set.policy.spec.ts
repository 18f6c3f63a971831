import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyFor, readKeySet } from './key-set.policy.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'jwk' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const read = (...keys: readonly unknown[]) => {
  const set = readKeySet(Buffer.from(JSON.stringify({ keys })));
  if (set === undefined) throw new Error('The set is not readable');
  return set;
};

describe('keyFor', () => {
  const set = read({ ...rsa, kid: 'r' }, { ...ec, kid: 'e' }, { ...rsa, kid: 'pinned', alg: 'PS256' });

  it.each([
    ['takes an RSA key for RS256', 'r', 'RS256', true],
    ['takes an RSA key for PS256', 'r', 'PS256', true],
    ['takes a pinned key for its algorithm', 'pinned', 'PS256', true],
    ['takes a pinned key for no other', 'pinned', 'RS256', false],
    ['takes an EC key for ES256', 'e', 'ES256', true],
    ['takes no RSA key for ES256', 'r', 'ES256', false],
    ['takes no EC key for RS256', 'e', 'RS256', false],
    ['takes no key of another name', 'x', 'RS256', false],
    ['takes the one EC key when none is named', undefined, 'ES256', true],
    ['takes the one unpinned key when none is named', undefined, 'RS256', true],
    ['takes neither of two that fit', undefined, 'PS256', false],
  ] as const)('%s', (_title, kid, alg, found) => {
    expect(keyFor(set, { kid, alg }) !== undefined).toBe(found);
  });
});

describe('a fingerprint', () => {
  it('is the same for the same keys in another order', () => {
    expect(read(rsa, ec).fingerprint).toBe(read(ec, rsa).fingerprint);
  });

  it.each([
    ['a key more', read(rsa, ec)],
    ['a key less', read()],
    ['another name', read({ ...rsa, kid: 'r' })],
    ['another algorithm', read({ ...rsa, alg: 'RS256' })],
  ])('differs for %s', (_title, other) => {
    expect(other.fingerprint).not.toBe(read(rsa).fingerprint);
  });
});

describe('readKeySet', () => {
  it('gives an answer to any text, and never an exception', () => {
    const jwk = fc.record({
      kty: fc.constantFrom('RSA', 'EC', 'oct'),
      n: fc.string(),
      e: fc.constant('AQAB'),
      x: fc.string(),
    });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.oneof(jwk, fc.jsonValue())).map((keys) => JSON.stringify({ keys })),
    );
    fc.assert(
      fc.property(text, (published) => {
        expect(['object', 'undefined']).toContain(typeof readKeySet(Buffer.from(published)));
      }),
    );
  });
});
