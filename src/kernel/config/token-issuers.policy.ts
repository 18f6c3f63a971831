import type { Environment } from './environment.schema.js';
import { rule } from './rule.js';
import type { TokenIssuer } from './token-issuer.schema.js';

type JwtVariables = Pick<Environment, 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'JWT_JWKS_URI' | 'JWT_ISSUERS'>;

const ONE_ISSUER = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URI'] as const;

/** Whose tokens are accepted, however the environment spells it; empty when nobody's are. */
export function tokenIssuers(env: JwtVariables): readonly TokenIssuer[] {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URI } = env;
  if (issuer === undefined || audience === undefined || JWT_JWKS_URI === undefined) return env.JWT_ISSUERS ?? [];
  return [{ issuer, audience, jwks_uri: JWT_JWKS_URI }];
}

/** One issuer in three variables, or several in one. */
export const tokenRules = [
  rule([], (_, { given }) => {
    const count = ONE_ISSUER.filter(given).length;
    return count === 0 || count === ONE_ISSUER.length ? [] : [`${ONE_ISSUER.join(', ')} (all or none)`];
  }),
  rule([], (_, { given }) =>
    ONE_ISSUER.some(given) && given('JWT_ISSUERS') ? ['JWT_ISSUER, JWT_ISSUERS (one or the other)'] : [],
  ),
  rule(['JWT_ISSUERS'], ({ JWT_ISSUERS = [] }) =>
    new Set(JWT_ISSUERS.map(({ issuer }) => issuer)).size < JWT_ISSUERS.length
      ? ['JWT_ISSUERS (issuer listed twice)']
      : [],
  ),
];
