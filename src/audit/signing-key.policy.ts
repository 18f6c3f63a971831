import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { PublicJwk } from './public-jwk.schema.js';

/** A private key with what the world may know of it. */
export interface SigningPair {
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
}

/**
 * The key of a PKCS #8 PEM; line ends may be written as `\n`, as they are in one-line environments.
 *
 * @throws Error when it is no Ed25519 key; says nothing about the text
 */
export function readSigningKey(pem: string): SigningPair {
  return pairOf(parsePem(pem.replaceAll('\\n', '\n')));
}

/** A key for a process that was given none. */
export const createSigningKey = (): SigningPair => pairOf(generateKeyPairSync('ed25519').privateKey);

/** RFC 7638 §3: SHA-256 over the required members in lexical order, base64url. */
export const thumbprint = (x: string): string =>
  createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');

function parsePem(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Says the same as a key of another kind: the parser's words could quote the key.
  }
  throw new Error('SIGNING_KEY is not an Ed25519 private key in PKCS #8 PEM');
}

function pairOf(privateKey: KeyObject): SigningPair {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, jwk: { kid: thumbprint(x), kty: 'OKP', crv: 'Ed25519', x, use: 'sig', alg: 'EdDSA' } };
}
