import { compactVerify } from 'jose';
import type { Clock } from '#src/kernel/index.js';
import { Authenticator } from '../authenticator.port.js';
import { digestOf } from '../bootstrap-keys.js';
import type { JwtCredential } from '../credential.js';
import { judgeClaims } from '../jwt/claims.policy.js';
import type { FoundKey } from '../jwt/issuer-keys.js';
import { readToken, type Token } from '../jwt/token.policy.js';
import type { TrustedIssuer, TrustedIssuers } from '../jwt/trusted-issuers.js';
import type { Principal } from '../principal.js';
import { refusedCredential } from '../refused-credential.js';
import type { Roles } from '../roles.js';
import type { Verified, VerifiedCredentials } from '../verified-credentials.js';

interface JwtParts {
  readonly issuers: TrustedIssuers;
  readonly verified: VerifiedCredentials;
  readonly roles: Roles;
  readonly clock: Clock;
}

/**
 * Tokens of the configured issuers (RFC 7519, RFC 8725). One hash and one map look-up when seen before; every token is
 * verified again when keys come or go.
 */
export class JwtAuthenticator extends Authenticator<'jwt'> {
  readonly kind = 'jwt';

  constructor(private readonly parts: JwtParts) {
    super();
    parts.issuers.onChange(() => parts.verified.forgetAll());
  }

  authenticate({ text }: JwtCredential): Principal | Promise<Principal> {
    return this.parts.verified.find(digestOf(text), () => this.verify(text));
  }

  private async verify(text: string): Promise<Verified> {
    const token = readToken(text);
    if (token === undefined) throw invalid('malformed');
    const issuer = this.parts.issuers.find(token.claims.iss);
    if (issuer === undefined) throw invalid('unknown_issuer');
    const { key, until } = await signingKey(token, issuer);
    if (!(await isSignedBy(text, token, key))) throw invalid('signature');
    const verdict = judgeClaims(token.claims, issuer.rules, this.parts.clock.now());
    if (!verdict.valid) throw refusedCredential(verdict.code, verdict.reason);
    return { principal: this.principalOf(token, verdict), until: Math.min(until, verdict.until) };
  }

  /** The issuer is a part of the id: a subject is a name within its issuer alone (RFC 7519 §4.1.2). */
  private principalOf({ claims }: Token, { tenantId, roles }: Pick<Principal, 'tenantId' | 'roles'>): Principal {
    const scopes = this.parts.roles.scopesOf(roles);
    return { id: `${claims.iss}#${claims.sub}`, tenantId, roles, scopes, method: 'jwt' };
  }
}

async function signingKey({ header }: Token, { algorithms, keys }: TrustedIssuer): Promise<FoundKey> {
  const alg = algorithms.find((allowed) => allowed === header.alg);
  if (alg === undefined) throw invalid('algorithm');
  const found = await keys.find({ kid: header.kid, alg });
  if (found === undefined) throw invalid('unknown_key');
  return found;
}

async function isSignedBy(text: string, { header }: Token, key: FoundKey['key']): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [header.alg] });
    return true;
  } catch {
    return false;
  }
}

const invalid = (fault: string) => refusedCredential('TOKEN_INVALID', fault);
