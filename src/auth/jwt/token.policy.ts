import { fromBase64url } from '#src/kernel/index.js';
import { strictObject } from './strict-object.policy.js';
import { TokenClaims, TokenHeader } from './token.schema.js';

const HEADER_LIMITS = { depth: 4, members: 32 } as const;
const CLAIMS_LIMITS = { depth: 16, members: 256 } as const;

/** A token that is well formed. Nothing it says is to be believed yet. */
export interface Token {
  readonly header: TokenHeader;
  readonly claims: TokenClaims;
}

/**
 * Reads a compact JWS (RFC 7515 §7.1) whose payload is a claims set. Stricter than the libraries: one spelling of
 * base64url, no member twice, bounded nesting, and claims of the right types.
 */
export function readToken(text: string): Token | undefined {
  const [protectedPart = '', payload = '', signature = '', ...more] = text.split('.');
  if (more.length > 0 || !fromBase64url(signature)?.length) return undefined;
  const header = TokenHeader.safeParse(objectIn(protectedPart, HEADER_LIMITS));
  const claims = TokenClaims.safeParse(objectIn(payload, CLAIMS_LIMITS));
  return header.success && claims.success ? { header: header.data, claims: claims.data } : undefined;
}

function objectIn(part: string, limits: Parameters<typeof strictObject>[1]): unknown {
  const bytes = fromBase64url(part);
  return bytes === undefined ? undefined : strictObject(bytes, limits);
}
