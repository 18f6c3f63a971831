import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ed25519PrivateKey } from '#src/kernel/index.js';
import type { PublicJwk } from './public-jwk.schema.js';

/** A private key with what the world may know of it. */
export interface SigningPair {
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
}

/** @throws Error when it is no Ed25519 key, which `loadConfig` would have said; says nothing about the text */
export function readSigningKey(pem: string): SigningPair {
  const key = ed25519PrivateKey(pem);
  if (key === undefined) throw new Error('SIGNING_KEY is not an Ed25519 private key in PKCS #8 PEM');
  return pairOf(key);
}

/** A key for a process that was given none. */
export const createSigningKey = (): SigningPair => pairOf(generateKeyPairSync('ed25519').privateKey);

/** RFC 7638 §3: SHA-256 over the required members in lexical order, base64url. */
export const thumbprint = (x: string): string =>
  createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');

function pairOf(privateKey: KeyObject): SigningPair {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, jwk: { kid: thumbprint(x), kty: 'OKP', crv: 'Ed25519', x, use: 'sig', alg: 'EdDSA' } };
}
