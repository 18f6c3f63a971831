import { hash, timingSafeEqual } from 'node:crypto';
import { fromBase64url } from '#src/kernel/index.js';

/** Bytes of randomness in an API key. */
export const SECRET_BYTES = 32;

const KEY_ID = /^key_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PRESENTED = /^cs_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const NOBODY = Buffer.alloc(SECRET_BYTES);

/** What a presented key says about itself. */
interface PresentedKey {
  /** `key_<uuid>` */
  readonly id: string;
  readonly secretHash: Uint8Array;
}

/** What is stored about a key, as far as its validity goes. Instants are Unix milliseconds. */
export interface KeyFacts {
  readonly secretHash: Uint8Array;
  /** The secret before the last rotation, and when it stops to work. */
  readonly previous: { readonly secretHash: Uint8Array; readonly until: number } | undefined;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
}

export type KeyVerdict =
  | { readonly valid: true; readonly until: number }
  | { readonly valid: false; readonly reason: 'unknown' | 'wrong_secret' | 'revoked' | 'expired' };

export const isKeyId = (text: string): boolean => KEY_ID.test(text);

/** The visible part of a key: `cs_<32 hex>`. Says which key it is, and nothing about its secret. */
export const keyPrefix = (id: string): string => `cs_${id.slice('key_'.length).replaceAll('-', '')}`;

/** The key as its owner presents it: `cs_<32 hex of the id>_<43 characters of base64url>`. */
export const formatKey = (id: string, secret: Uint8Array): string =>
  `${keyPrefix(id)}_${Buffer.from(secret).toString('base64url')}`;

export const hashSecret = (secret: Uint8Array): Uint8Array => hash('sha256', secret, 'buffer');

/**
 * The id has a fixed length, so the secret may contain `_` and `-`. Only the canonical spelling counts: 43 characters
 * hold two bits more than 32 bytes, and a key must not have four spellings.
 */
export function parseKey(text: string): PresentedKey | undefined {
  const match = PRESENTED.exec(text);
  if (match === null) return undefined;
  const [, first, second, third, fourth, fifth, encoded = ''] = match;
  const secret = fromBase64url(encoded);
  if (secret === undefined) return undefined;
  return { id: `key_${[first, second, third, fourth, fifth].join('-')}`, secretHash: hashSecret(secret) };
}

/**
 * Whether a key is valid now, and until when that is certain as long as nobody revokes it. An unknown key is compared
 * too, so that it takes as long as a known one.
 */
export function verifyKey(facts: KeyFacts | undefined, presentedHash: Uint8Array, now: number): KeyVerdict {
  const current = timingSafeEqual(facts?.secretHash ?? NOBODY, presentedHash);
  const former = timingSafeEqual(facts?.previous?.secretHash ?? NOBODY, presentedHash);
  if (facts === undefined) return { valid: false, reason: 'unknown' };
  const formerUntil = former ? (facts.previous?.until ?? 0) : 0;
  const secretUntil = current ? Number.POSITIVE_INFINITY : formerUntil;
  if (secretUntil <= now) return { valid: false, reason: 'wrong_secret' };
  if (facts.revokedAt !== undefined) return { valid: false, reason: 'revoked' };
  const until = Math.min(secretUntil, facts.expiresAt ?? Number.POSITIVE_INFINITY);
  return until > now ? { valid: true, until } : { valid: false, reason: 'expired' };
}
