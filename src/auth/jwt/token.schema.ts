import { z } from 'zod';

/** The last second of the year 9999. A time in milliseconds lies behind it, and would make a token immortal. */
const LAST_SECOND = 253_402_300_799;
const MAX_NAME = 255;

/** RFC 7519 §2: seconds since 1970, a fraction allowed. */
const NumericDate = z.number().min(0).max(LAST_SECOND);

/** Nothing invisible: no control, format or separator characters, no halves of surrogate pairs. */
const Visible = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** A list of words, or words in one text as in RFC 6749 §3.3. */
const Words = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]);

/**
 * What is read of a JOSE header; `jku`, `jwk`, `x5u` and `x5c` are not, so a token cannot bring its own key. No
 * extension is understood, so `crit` is refused whatever it lists, and so is everything that makes the payload
 * something other than a JSON object.
 */
export const TokenHeader = z.object({
  alg: z.string(),
  kid: z.string().min(1).max(MAX_NAME).regex(Visible).optional(),
  /** RFC 8725 §3.11: a token made for another purpose says so here. */
  typ: z
    .string()
    .regex(/^(application\/)?(at\+)?jwt$/i)
    .optional(),
  crit: z.never().optional(),
  b64: z.never().optional(),
  cty: z.never().optional(),
  enc: z.never().optional(),
  zip: z.never().optional(),
});
export type TokenHeader = z.infer<typeof TokenHeader>;

/** RFC 7519 §4.1 and RFC 9068 §2.2, as far as they are read. The tenant's claim has a configured name. */
export const TokenClaims = z.looseObject({
  iss: z.string(),
  sub: z.string().max(MAX_NAME).regex(Visible),
  aud: z.union([z.string().transform((text) => [text]), z.array(z.string())]),
  exp: NumericDate,
  nbf: NumericDate.optional(),
  iat: NumericDate.optional(),
  roles: Words.optional(),
  scope: Words.optional(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;
