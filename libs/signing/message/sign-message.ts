import { type KeyObject, sign as signBytes } from 'node:crypto';
import { hmacSha256, type SigningSecret } from '../secrets.js';
import { contentDigest } from './content-digest.js';
import { type HttpMessage, hasBody } from './http-message.js';
import { signatureBase, signatureParams } from './signature-base.js';

export type MessageSigner =
  | { readonly algorithm: 'hmac-sha256'; readonly keyId: string; readonly secret: SigningSecret }
  | { readonly algorithm: 'ed25519'; readonly keyId: string; readonly privateKey: KeyObject };

export interface MessageStamp {
  /** Unix time of signing, s. */
  readonly created: number;
  /** 16 to 128 visible ASCII characters, used once. */
  readonly nonce: string;
}

const LABEL = 'sig1';
const VISIBLE = /^[\x20-\x7e]+$/;

/**
 * The headers that sign a request after RFC 9421: method, path, query and, by its digest, the body.
 *
 * @throws {TypeError} when a part of the signature cannot be written
 * @example
 * const headers = signMessage(message, { algorithm: 'ed25519', keyId, privateKey }, { created, nonce: generateNonce() });
 */
export function signMessage(
  message: HttpMessage,
  signer: MessageSigner,
  { created, nonce }: MessageStamp,
): Readonly<Record<string, string>> {
  if (![nonce, signer.keyId].every((text) => VISIBLE.test(text))) throw new TypeError('keyId and nonce must be ASCII');
  if (!Number.isSafeInteger(created)) throw new TypeError('created must be whole seconds');
  const digest = hasBody(message) ? { 'Content-Digest': contentDigest(message.body, 'sha-256') } : {};
  const covered = {
    components: ['@method', '@path', '@query', ...(hasBody(message) ? ['content-digest'] : [])],
    parameters: new Map<string, string | number>([
      ['created', created],
      ['nonce', nonce],
      ['keyid', signer.keyId],
      ['alg', signer.algorithm],
    ]),
  };
  const rawHeaders = Object.entries(digest).flat();
  const base = signatureBase({ ...message, rawHeaders }, covered);
  if (!base.ok) throw new TypeError('target must be a raw request target in origin form');
  return {
    ...digest,
    'Signature-Input': `${LABEL}=${signatureParams(covered)}`,
    Signature: `${LABEL}=:${signed(signer, base.base).toString('base64')}:`,
  };
}

const signed = (signer: MessageSigner, base: string): Buffer =>
  signer.algorithm === 'hmac-sha256'
    ? Buffer.from(hmacSha256(signer.secret, base), 'hex')
    : signBytes(undefined, Buffer.from(base), signer.privateKey);
