import { createPublicKey } from 'node:crypto';
import type * as Signing from '../index.js';
import type { HmacVector, MessageVector, RfcVector, Vectors } from './vectors.js';

type Library = typeof Signing;

/** What the library says of every vector, by name: for comparing with what it should say, and builds with each other. */
export function vectorResults(
  library: Library,
  { hmac, rfc9421, message }: Vectors,
): Readonly<Record<string, unknown>> {
  return {
    ...named('signed', hmac.signed, (vector) => signed(library, vector)),
    ...named('accepted', hmac.accepted, (vector) => verdictOf(library, verifyHmac(library, vector))),
    ...named('refused', hmac.refused, (vector) => verdictOf(library, verifyHmac(library, vector))),
    ...named('rfc9421', rfc9421, (vector) => rfcBase(library, vector)),
    ...named('message accepted', message.accepted, (vector) => verdictOf(library, verifyMessage(library, vector))),
    ...named('message refused', message.refused, (vector) => verdictOf(library, verifyMessage(library, vector))),
  };
}

const named = <T extends { readonly name: string }>(
  group: string,
  vectors: readonly T[],
  run: (vector: T) => unknown,
) => Object.fromEntries(vectors.map((vector) => [`${group}: ${vector.name}`, run(vector)]));

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

function signed(
  library: Library,
  { method, target, body_hex, timestamp, nonce, secret }: Vectors['hmac']['signed'][number],
) {
  const request = { method, target, body: bytes(body_hex) };
  const stamp = { timestamp, nonce };
  return { canonical: library.canonicalRequest(request, stamp), signature: library.sign(request, secret, stamp) };
}

function verifyHmac(library: Library, { method, target, body_hex, headers, secrets, now, max_skew_ms }: HmacVector) {
  const { signature, timestamp, nonce } = headers;
  const request = { method, target, body: bytes(body_hex) };
  return library.verify(request, { signature, timestamp, nonce }, secrets, { now, maxSkewMs: max_skew_ms });
}

function rfcBase(library: Library, { method, target, origin, headers, components, parameters }: RfcVector) {
  const message = { method, target, origin, rawHeaders: headers.flat() };
  return library.signatureBase(message, { components, parameters: new Map(parameters) });
}

function verifyMessage(library: Library, vector: MessageVector): Signing.Verdict {
  const reading = library.readMessageSignature(vector.signature, vector.signature_input);
  if (!reading.ok) return reading;
  const { method, target, origin, headers, body_hex, now, max_skew_ms } = vector;
  const message = { method, target, origin, rawHeaders: headers.flat(), body: bytes(body_hex) };
  return library.verifyMessage(reading.signature, message, keyOf(vector), { now, maxSkewMs: max_skew_ms });
}

const keyOf = ({ key }: MessageVector): Signing.MessageKey =>
  key.algorithm === 'hmac-sha256'
    ? key
    : {
        algorithm: 'ed25519',
        publicKey: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: key.public_x } }),
      };

const verdictOf = (library: Library, verdict: { readonly ok: true } | Extract<Signing.Verdict, { ok: false }>) =>
  verdict.ok ? { ok: true } : { ok: false, reason: verdict.reason, code: library.codeOfFault(verdict.reason) };
