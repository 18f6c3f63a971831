import { type Refused, refused } from './fault.js';
import { type Proof, type ProofHeaders, type ProofReading, readProof } from './proof.js';
import { canonicalRequest, isSignable, type SignableRequest } from './request.js';
import { matchesAny, type SigningSecrets } from './secrets.js';
import { skewFault, type Window } from './window.js';

export type Verdict = { readonly ok: true } | Refused;

/**
 * Signature first, time second: who does not know the secret learns nothing about the clock.
 *
 * @param secrets each is tried, in constant time
 */
export function verifyProof(proof: Proof, request: SignableRequest, secrets: SigningSecrets, window: Window): Verdict {
  const { signature, stamp } = proof;
  if (!isSignable(request)) return refused('signature_mismatch');
  if (!matchesAny(secrets, canonicalRequest(request, stamp), signature)) return refused('signature_mismatch');
  const fault = stamp === undefined ? undefined : skewFault(stamp.timestamp, window);
  return fault === undefined ? { ok: true } : refused(fault);
}

/**
 * Everything but the nonce: whoever accepts the request remembers it for twice the skew, and refuses it the second time.
 *
 * @example
 * const verdict = verify(request, headers, [secret], { now: Date.now(), maxSkewMs: 300_000 });
 * if (!verdict.ok) return refuse(codeOfFault(verdict.reason));
 */
export function verify(
  request: SignableRequest,
  headers: ProofHeaders,
  secrets: SigningSecrets,
  window: Window,
): ProofReading {
  const reading = readProof(headers);
  if (!reading.ok) return reading;
  const verdict = verifyProof(reading.proof, request, secrets, window);
  return verdict.ok ? reading : verdict;
}
