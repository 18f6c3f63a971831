import { type Refused, refused } from './fault.js';
import type { Stamp } from './request.js';

/** Values of the headers `<P>-Signature`, `<P>-Timestamp` and `<P>-Nonce`. */
export interface ProofHeaders {
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
}

/** Headers that are well formed; whether they are true is another question. */
export interface Proof {
  readonly signature: Uint8Array;
  /** `undefined` in the legacy form. */
  readonly stamp: Stamp | undefined;
}

export interface StampedProof extends Proof {
  readonly stamp: Stamp;
}

export type ProofReading<P extends Proof = StampedProof> = { readonly ok: true; readonly proof: P } | Refused;

const SIGNATURE = /^[0-9a-f]{64}$/i;
/** Canonical, so that one instant has one spelling; 15 digits reach far beyond the year 9999. */
const TIMESTAMP = /^(0|[1-9]\d{0,14})$/;
/** RFC 9562 §5.4. */
const NONCE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isTimestamp = (text: string): boolean => TIMESTAMP.test(text);
export const isNonce = (text: string): boolean => NONCE.test(text);

/** Reads the headers of a signed request, before anybody knows the key. */
export function readProof({ signature, timestamp, nonce }: ProofHeaders): ProofReading {
  const bytes = readSignature(signature);
  if (!bytes.ok) return bytes;
  if (timestamp === undefined || nonce === undefined) return refused('stamp_missing');
  if (!isTimestamp(timestamp) || !isNonce(nonce)) return refused('stamp_malformed');
  return { ok: true, proof: { signature: bytes.signature, stamp: { timestamp: Number(timestamp), nonce } } };
}

/** The same in the legacy form, which has a signature only. */
export function readLegacyProof(signature: string | undefined): ProofReading<Proof> {
  const bytes = readSignature(signature);
  return bytes.ok ? { ok: true, proof: { signature: bytes.signature, stamp: undefined } } : bytes;
}

function readSignature(text: string | undefined): { readonly ok: true; readonly signature: Uint8Array } | Refused {
  if (text === undefined || text === '') return refused('signature_missing');
  return SIGNATURE.test(text) ? { ok: true, signature: Buffer.from(text, 'hex') } : refused('signature_malformed');
}
