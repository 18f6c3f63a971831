import { z } from 'zod';
import { IssuerName, KeySetUri, TokenAlgorithm, TokenIssuers } from '../token-issuer.schema.js';
import { words } from './text.schema.js';

export const tokens = {
  JWT_ISSUER: IssuerName.optional().describe('Issuer whose JWTs are accepted, exactly as in `iss`'),
  JWT_AUDIENCE: words
    .pipe(z.array(z.string()).min(1))
    .optional()
    .describe('Audiences of this service: a token must name one of them in `aud`'),
  JWT_JWKS_URI: KeySetUri.optional().describe('Where that issuer publishes its keys; https in production'),
  JWT_ISSUERS: TokenIssuers.optional().describe(
    'Several issuers: JSON list of { issuer, audience, jwks_uri, algorithms?, tenants? }, instead of the three above',
  ),
  JWT_ALGORITHMS: words
    .pipe(z.array(TokenAlgorithm).min(1))
    .default(['RS256', 'PS256', 'ES256'])
    .describe('Signature algorithms accepted in tokens'),
  JWT_TENANT_CLAIMS: words
    .pipe(z.array(z.string()).min(1))
    .default(['tenantId', 'tenant_id'])
    .describe('Claims that name the tenant of a token; those present must agree'),
  JWT_ISSUED_AFTER: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional()
    .describe('Refuse every token issued before this instant (ISO 8601): how all tokens stolen so far are cut off'),
};
