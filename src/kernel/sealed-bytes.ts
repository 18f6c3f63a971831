import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte: how the rest is to be read. */
const FORMAT = 1;

/**
 * A key that only who has this material can make, for one purpose: the first step of HKDF (RFC 5869, 2.2) with the purpose for
 * salt. Its second would stretch the key, and one is as long as needed.
 *
 * @param material holds enough that nobody can guess, or nothing that the sealed bytes do not say too
 */
export const sealingKey = (material: Uint8Array, purpose: string): KeyObject =>
  createSecretKey(createHmac('sha256', purpose).update(material).digest());

/** What bytes are sealed with: a 32-byte key, and what they belong to; moved elsewhere, they do not open. */
export interface SealTerms {
  /** As bytes it would cost several times the encryption of a short answer. */
  readonly key: KeyObject;
  readonly owner: string;
}

/**
 * AES-256-GCM (NIST SP 800-38D): `format ‖ nonce ‖ tag ‖ ciphertext`.
 *
 * @param randomBytes a nonce is never used twice under one key
 */
export function sealBytes(
  bytes: Uint8Array,
  { key, owner }: SealTerms,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner));
  const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Uint8Array.of(FORMAT), nonce, cipher.getAuthTag(), hidden]);
}

/** `undefined` when it was sealed with another key or for another owner, or was changed. */
export function openBytes(sealed: Uint8Array, { key, owner }: SealTerms): Uint8Array | undefined {
  const tagAt = 1 + NONCE_BYTES;
  const hiddenAt = tagAt + TAG_BYTES;
  if (sealed[0] !== FORMAT || sealed.length < hiddenAt) return undefined;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, tagAt), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(tagAt, hiddenAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(hiddenAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}
