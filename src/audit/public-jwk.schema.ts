import { z } from 'zod';

/** An Ed25519 public key (RFC 8037). */
export const PublicJwk = z
  .object({
    kid: z.string().describe('RFC 7638 thumbprint of the key'),
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().describe('The public key, base64url'),
    use: z.literal('sig'),
    alg: z.literal('EdDSA'),
  })
  .meta({ id: 'PublicJwk' });
export type PublicJwk = z.infer<typeof PublicJwk>;

/** RFC 7517 §5: every key whose signatures may still be met, this instance's first. */
export const KeySet = z.object({ keys: z.array(PublicJwk) }).meta({ id: 'KeySet' });
export type KeySet = z.infer<typeof KeySet>;
