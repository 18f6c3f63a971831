import { randomUUID } from 'node:crypto';
import { isNonce, isTimestamp } from './proof.js';
import { canonicalRequest, isSignable, type SignableRequest, type Stamp } from './request.js';
import { hmacSha256, type SigningSecret } from './secrets.js';

/** A nonce for one request: a random UUID v4. */
export const generateNonce = (): string => randomUUID();

/**
 * Lower-case hex HMAC-SHA256 of the canonical request, for the header `<P>-Signature`.
 *
 * @throws {TypeError} when method, target, timestamp or nonce cannot be sent
 * @example
 * const stamp = { timestamp: Date.now(), nonce: generateNonce() };
 * const signature = sign({ method: 'POST', target: '/assist/draft-graph', body }, secret, stamp);
 */
export function sign(request: SignableRequest, secret: SigningSecret, stamp: Stamp): string {
  if (!isSignable(request)) throw new TypeError('method must be upper case, target a raw request target');
  if (!isTimestamp(String(stamp.timestamp))) throw new TypeError('timestamp must be Unix milliseconds');
  if (!isNonce(stamp.nonce)) throw new TypeError('nonce must be a UUID v4');
  return hmacSha256(secret, canonicalRequest(request, stamp));
}
