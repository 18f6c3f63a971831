import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { TokenAlgorithm } from '#src/kernel/index.js';
import { JwkSet, VerificationJwk } from './jwk.schema.js';
import { strictObject } from './strict-object.policy.js';

const SET_LIMITS = { depth: 8, members: 4_096 } as const;

const FAMILY: Readonly<Record<TokenAlgorithm, VerificationJwk['kty']>> = { RS256: 'RSA', PS256: 'RSA', ES256: 'EC' };

interface VerificationKey {
  readonly jwk: VerificationJwk;
  readonly key: KeyObject;
}

/** What an issuer published, as far as it can verify tokens. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** The same text for the same keys, in whatever order. */
  readonly fingerprint: string;
}

/** What a token says about the key it was signed with; its algorithm is one that the configuration allows. */
export interface KeyHint {
  readonly kid: string | undefined;
  readonly alg: TokenAlgorithm;
}

/** Reads a JWK set; `undefined` when the text is none. A key that is weak, private or for another purpose is left out. */
export function readKeySet(bytes: Buffer): KeySet | undefined {
  const set = JwkSet.safeParse(strictObject(bytes, SET_LIMITS));
  if (!set.success) return undefined;
  const keys = set.data.keys.map(verificationKey).filter((key) => key !== undefined);
  return { keys, fingerprint: JSON.stringify(keys.map(({ jwk }) => JSON.stringify(jwk)).sort()) };
}

/** The one key that fits; of two that do neither is taken, for then the issuer has not said which it means. */
export function keyFor({ keys }: KeySet, { kid, alg }: KeyHint): KeyObject | undefined {
  const fitting = keys.filter(
    ({ jwk }) =>
      jwk.kty === FAMILY[alg] && (jwk.alg === undefined || jwk.alg === alg) && (kid === undefined || jwk.kid === kid),
  );
  return fitting.length === 1 ? fitting[0]?.key : undefined;
}

function verificationKey(value: unknown): VerificationKey | undefined {
  const jwk = VerificationJwk.safeParse(value).data;
  if (jwk === undefined) return undefined;
  try {
    return { jwk, key: createPublicKey({ key: numbersOf(jwk), format: 'jwk' }) };
  } catch {
    // A point that is not on the curve.
    return undefined;
  }
}

const numbersOf = (jwk: VerificationJwk): JsonWebKey =>
  jwk.kty === 'RSA' ? { kty: jwk.kty, n: jwk.n, e: jwk.e } : { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
