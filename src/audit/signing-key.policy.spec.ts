import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSigningKey, readSigningKey, thumbprint } from './signing-key.policy.js';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('a signing key', () => {
  it('is the same key, with the same id, on every instance that reads it', () => {
    expect(readSigningKey(pem).jwk).toEqual(readSigningKey(pem.replaceAll('\n', '\\n')).jwk);
  });

  it('publishes nothing private', () => {
    expect(Object.keys(createSigningKey().jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  it('is named by its RFC 7638 thumbprint (the example of RFC 8037 A.3)', () => {
    expect(thumbprint('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    );
  });

  it.each([
    ['a text', 'not a key, but long enough to pass the length check'],
    ['an RSA key', rsaPem()],
    ['a public key', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ])('is never %s, and the error does not quote it', (_what, text) => {
    expect(() => readSigningKey(text)).toThrow('SIGNING_KEY is not an Ed25519 private key in PKCS #8 PEM');
  });

  it('belongs to its published half', () => {
    const { privateKey, jwk } = createSigningKey();
    const published = { key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' as const };
    const signature = sign(undefined, Buffer.from('bytes'), privateKey);
    expect(verify(undefined, Buffer.from('bytes'), published, signature)).toBe(true);
  });
});

function rsaPem(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
