import { type KeyObject, verify as verifySignature } from 'node:crypto';
import { refused, type SignatureFault } from '../fault.js';
import { isSignable } from '../request.js';
import { matchesAny, type SigningSecrets } from '../secrets.js';
import type { Verdict } from '../verify.js';
import { skewFault, type Window } from '../window.js';
import { digestMatches } from './content-digest.js';
import { type HttpMessage, hasBody, headerValue } from './http-message.js';
import type { MessageSignature } from './message-signature.js';
import { signatureBase } from './signature-base.js';

/** What a key id stands for. The key decides the algorithm, never the signature (RFC 9421 §7.3.6). */
export type MessageKey =
  | { readonly algorithm: 'hmac-sha256'; readonly secrets: SigningSecrets }
  | { readonly algorithm: 'ed25519'; readonly publicKey: KeyObject };

const SECOND_MS = 1_000;

/**
 * Whether this key signed this message, all of it: method, target and body, within the window. Everything but the nonce,
 * whose memory is the caller's.
 */
export function verifyMessage(
  signature: MessageSignature,
  message: HttpMessage,
  key: MessageKey,
  window: Window,
): Verdict {
  const { algorithm } = signature;
  if (!isSignable(message)) return refused('signature_mismatch');
  if (!coversEnough(signature, message)) return refused('component_not_covered');
  if (algorithm !== undefined && algorithm !== key.algorithm) return refused('algorithm_mismatch');
  const base = signatureBase(message, signature);
  if (!base.ok) return base;
  if (!signedBy(key, base.base, signature.signature)) return refused('signature_mismatch');
  if (!bodyMatches(signature, message)) return refused('digest_mismatch');
  const fault = timeFault(signature, window);
  return fault === undefined ? { ok: true } : refused(fault);
}

/** A signature over less would let somebody change the rest. */
function coversEnough({ components }: MessageSignature, message: HttpMessage): boolean {
  const covers = (name: string): boolean => components.includes(name);
  const target = covers('@target-uri') || (covers('@path') && covers('@query'));
  return covers('@method') && target && (covers('content-digest') || !hasBody(message));
}

function signedBy(key: MessageKey, base: string, signature: Uint8Array): boolean {
  return key.algorithm === 'hmac-sha256'
    ? matchesAny(key.secrets, base, signature)
    : verifySignature(undefined, Buffer.from(base), key.publicKey, signature);
}

function bodyMatches({ components }: MessageSignature, message: HttpMessage): boolean {
  if (!components.includes('content-digest')) return true;
  return digestMatches(headerValue(message, 'content-digest') ?? '', message.body);
}

function timeFault({ created, expires }: MessageSignature, window: Window): SignatureFault | undefined {
  if (expires !== undefined && window.now >= expires * SECOND_MS) return 'expired';
  return skewFault(created * SECOND_MS, window);
}
