import { z } from 'zod';
import { fromBase64url } from '#src/kernel/index.js';

const MIN_MODULUS_BITS = 2_048;
/** A larger modulus costs the verifier more than it protects. */
const MAX_MODULUS_BITS = 8_192;
const COORDINATE_BYTES = 32;
const MAX_KEYS = 100;

/** 65537, as RFC 7518 §6.3.1.2 spells it: small exponents have made padding flaws exploitable. */
const USUAL_EXPONENT = 'AQAB';

/** RFC 7518 §6.3.1.1: the fewest bytes that hold the number, so none is zero in front. */
const Modulus = z.string().refine((text) => {
  const bits = bitsOf(fromBase64url(text));
  return bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS;
});

const Coordinate = z.string().refine((text) => fromBase64url(text)?.length === COORDINATE_BYTES);

function bitsOf(bytes: Buffer | undefined): number {
  const [first = 0] = bytes ?? [];
  if (bytes === undefined || first === 0) return 0;
  return (bytes.length - 1) * 8 + (32 - Math.clz32(first));
}

const purpose = {
  kid: z.string().optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  /** A published private key is everybody's. */
  d: z.never().optional(),
};

const RsaJwk = z.object({
  ...purpose,
  kty: z.literal('RSA'),
  alg: z.enum(['RS256', 'PS256']).optional(),
  n: Modulus,
  e: z.literal(USUAL_EXPONENT),
});

const EcJwk = z.object({
  ...purpose,
  kty: z.literal('EC'),
  alg: z.literal('ES256').optional(),
  crv: z.literal('P-256'),
  x: Coordinate,
  y: Coordinate,
});

/** A public key that may verify tokens (RFC 7517 §4, RFC 7518 §6). */
export const VerificationJwk = z.discriminatedUnion('kty', [RsaJwk, EcJwk]);
export type VerificationJwk = z.infer<typeof VerificationJwk>;

/** RFC 7517 §5: keys that are not understood are passed over, they do not spoil the set. */
export const JwkSet = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });
