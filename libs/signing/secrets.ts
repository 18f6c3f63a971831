import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Key of an HMAC. Text counts as its UTF-8 bytes; a `KeyObject` made once is the fastest. */
export type SigningSecret = string | Uint8Array | KeyObject;

/** The secret in use, and during a rotation the one before or after it. */
export type SigningSecrets = readonly [SigningSecret] | readonly [SigningSecret, SigningSecret];

/** Lower-case hex: bytes that come out of native code cost more than their hex turned back into bytes. */
export const hmacSha256 = (secret: SigningSecret, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

/** Compares with every secret, whichever fits first: how long it takes tells nothing. */
export function matchesAny(secrets: SigningSecrets, text: string, signature: Uint8Array): boolean {
  let matched = false;
  for (const secret of secrets) {
    const expected = Buffer.from(hmacSha256(secret, text), 'hex');
    const same = expected.length === signature.length && timingSafeEqual(expected, signature);
    matched = same || matched;
  }
  return matched;
}
