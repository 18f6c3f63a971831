import { TenantId } from '#src/kernel/index.js';
import { Role } from '../role.schema.js';
import type { TokenClaims } from './token.schema.js';

/** How far the clocks of issuer and service may differ. */
const LEEWAY_MS = 30_000;
const MS = 1_000;

/** What is asked of the claims of one issuer's tokens. */
export interface ClaimRules {
  /** A token must name one of them. */
  readonly audiences: readonly string[];
  /** Names of the claims that may hold the tenant. */
  readonly tenantClaims: readonly string[];
  /** The tenants this issuer may speak for; `undefined`: every tenant. */
  readonly tenants: readonly string[] | undefined;
  /** Unix ms; tokens issued before are refused. */
  readonly issuedAfter: number | undefined;
}

type Refusal =
  | {
      readonly code: 'TOKEN_INVALID';
      readonly reason: 'audience' | 'early' | 'from_the_future' | 'cut_off' | 'tenants_differ' | 'foreign_tenant';
    }
  | { readonly code: 'TOKEN_EXPIRED'; readonly reason: 'expired' }
  | { readonly code: 'TENANT_REQUIRED'; readonly reason: 'no_tenant' };

export type ClaimsVerdict =
  | { readonly valid: true; readonly tenantId: string; readonly roles: readonly Role[]; readonly until: number }
  | ({ readonly valid: false } & Refusal);

/** Judges claims whose signature was verified, at the instant `now` (Unix ms). */
export function judgeClaims(claims: TokenClaims, rules: ClaimRules, now: number): ClaimsVerdict {
  const { tenantClaims, tenants } = rules;
  if (!claims.aud.some((name) => rules.audiences.includes(name))) return refused('audience');
  const fault = timeFault(claims, rules.issuedAfter, now);
  if (fault === 'expired') return { valid: false, code: 'TOKEN_EXPIRED', reason: fault };
  if (fault !== undefined) return refused(fault);

  const [tenantId, ...others] = new Set(tenantClaims.filter(isIn(claims)).map((name) => tenantOf(claims[name])));
  if (others.length > 0) return refused('tenants_differ');
  if (tenantId === undefined) return { valid: false, code: 'TENANT_REQUIRED', reason: 'no_tenant' };
  if (tenants !== undefined && !tenants.includes(tenantId)) return refused('foreign_tenant');
  return { valid: true, tenantId, roles: rolesIn(claims), until: claims.exp * MS + LEEWAY_MS };
}

const refused = (reason: Extract<Refusal, { code: 'TOKEN_INVALID' }>['reason']): ClaimsVerdict => ({
  valid: false,
  code: 'TOKEN_INVALID',
  reason,
});

function timeFault({ exp, nbf = 0, iat = 0 }: TokenClaims, issuedAfter: number | undefined, now: number) {
  if (now >= exp * MS + LEEWAY_MS) return 'expired';
  if (nbf * MS > now + LEEWAY_MS) return 'early';
  if (iat * MS > now + LEEWAY_MS) return 'from_the_future';
  if (issuedAfter !== undefined && iat * MS < issuedAfter) return 'cut_off';
  return undefined;
}

const isIn =
  (claims: TokenClaims) =>
  (name: string): boolean =>
    Object.hasOwn(claims, name);

/** What is no name of a tenant names none: there is no default tenant, and it agrees with no other claim. */
const tenantOf = (claim: unknown): string | undefined => TenantId.safeParse(claim).data;

/** From `roles`, else from the words of `scope`; a word that is no role grants nothing. */
function rolesIn({ roles, scope = [] }: TokenClaims): Role[] {
  const known = (roles ?? scope).map((word) => Role.safeParse(word).data).filter((role) => role !== undefined);
  return [...new Set(known)];
}
