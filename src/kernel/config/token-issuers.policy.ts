import type { Environment } from './environment.schema.js';
import type { TokenIssuer } from './token-issuer.schema.js';

type JwtVariables = Pick<Environment, 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'JWT_JWKS_URI' | 'JWT_ISSUERS'>;

/** Whose tokens are accepted, however the environment spells it; empty when nobody's are. */
export function tokenIssuers(env: JwtVariables): readonly TokenIssuer[] {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URI } = env;
  if (issuer === undefined || audience === undefined || JWT_JWKS_URI === undefined) return env.JWT_ISSUERS ?? [];
  return [{ issuer, audience, jwks_uri: JWT_JWKS_URI }];
}

/** What is wrong with the variables together: one line a fault, values never shown. */
export function tokenFaults(env: JwtVariables): string[] {
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI, JWT_ISSUERS = [] } = env;
  const given = [JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI].filter((value) => value !== undefined).length;
  const names = new Set(JWT_ISSUERS.map(({ issuer }) => issuer));
  return [
    ...(given === 1 || given === 2 ? ['JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI (all or none)'] : []),
    ...(given > 0 && JWT_ISSUERS.length > 0 ? ['JWT_ISSUER, JWT_ISSUERS (one or the other)'] : []),
    ...(names.size < JWT_ISSUERS.length ? ['JWT_ISSUERS (issuer listed twice)'] : []),
  ];
}

/**
 * What production refuses besides: keys fetched over a line that others can write to, and two issuers that may both
 * speak for any tenant, because then the weaker one decides for the other's tenants.
 */
export function productionTokenFaults(env: JwtVariables): string[] {
  const issuers = tokenIssuers(env);
  const plain = issuers.flatMap(({ jwks_uri }, index) =>
    new URL(jwks_uri).protocol === 'https:' ? [] : [env.JWT_ISSUERS ? `JWT_ISSUERS.${index}.jwks_uri` : 'JWT_JWKS_URI'],
  );
  const unbounded = issuers.filter(({ tenants }) => tenants === undefined).length;
  return [
    ...plain.map((name) => `${name} (must be https)`),
    ...(unbounded > 1 ? ['JWT_ISSUERS (tenants missing: only one issuer may speak for every tenant)'] : []),
  ];
}
