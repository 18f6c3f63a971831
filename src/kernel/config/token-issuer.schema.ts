import { z } from 'zod';
import { TenantId } from '../tenant-id.js';

/** Signature algorithms of tokens (RFC 7518 §3.1). All are asymmetric: no shared secret can be one. */
export const TokenAlgorithm = z.enum(['RS256', 'PS256', 'ES256']);
export type TokenAlgorithm = z.infer<typeof TokenAlgorithm>;

const Audience = z.string().min(1).max(255);

/** Compared character by character with `iss`. No `#`: it separates issuer and subject in the id of a principal. */
export const IssuerName = z.string().regex(/^[\x21\x22\x24-\x7e]{1,255}$/);

/** Where an issuer publishes its key set. A password in it would end up in logs. */
export const KeySetUri = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = URL.parse(text);
  return url === null || `${url.username}${url.password}` === '';
}, 'holds a user or a password');

/** One issuer as `JWT_ISSUERS` lists it; `JWT_ISSUER`, `JWT_AUDIENCE` and `JWT_JWKS_URI` are a list of one. */
export const TokenIssuer = z.strictObject({
  issuer: IssuerName,
  /** A token must name one of them. */
  audience: z.union([Audience.transform((text) => [text]), z.array(Audience).min(1)]),
  jwks_uri: KeySetUri,
  /** `JWT_ALGORITHMS` when left out. */
  algorithms: z.array(TokenAlgorithm).min(1).optional(),
  /** The tenants this issuer may speak for; every tenant when left out. */
  tenants: z.array(TenantId).min(1).optional(),
});
export type TokenIssuer = z.output<typeof TokenIssuer>;

/** A JSON list of issuers in one variable. */
export const TokenIssuers = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'invalid_format', format: 'json' });
      return z.NEVER;
    }
  })
  .pipe(z.array(TokenIssuer).min(1));
