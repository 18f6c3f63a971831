import type { AppError, Clock } from '#src/kernel/index.js';
import { type KeyVerdict, parseKey, verifyKey } from '../api-key.policy.js';
import { Authenticator } from '../authenticator.port.js';
import { type BootstrapKeys, digestOf } from '../bootstrap-keys.js';
import type { ApiKeyCredential } from '../credential.js';
import type { KeyStore } from '../key.store.js';
import { keyFactsOf, rolesOf } from '../keys.policy.js';
import type { Principal } from '../principal.js';
import { refusedCredential } from '../refused-credential.js';
import type { Roles } from '../roles.js';
import type { Verified, VerifiedCredentials } from '../verified-credentials.js';

/** Longer than any key, bootstrap keys included. */
const LONGEST_KEY = 256;

interface ApiKeyParts {
  readonly bootstrap: BootstrapKeys;
  readonly store: KeyStore;
  readonly verified: VerifiedCredentials;
  readonly roles: Roles;
  readonly clock: Clock;
}

/** Bootstrap keys from memory, the others from the database; one hash and one map look-up when seen before. */
export class ApiKeyAuthenticator extends Authenticator<'api_key'> {
  readonly kind = 'api_key';

  constructor(private readonly parts: ApiKeyParts) {
    super();
  }

  authenticate({ text }: ApiKeyCredential): Principal | Promise<Principal> {
    if (text.length > LONGEST_KEY) throw denied('unreadable');
    const digest = digestOf(text);
    const { bootstrap, verified } = this.parts;
    return bootstrap.find(digest) ?? verified.find(digest, () => this.verify(text));
  }

  private async verify(text: string): Promise<Verified> {
    const presented = parseKey(text);
    if (presented === undefined) throw denied('unreadable');
    const row = await this.parts.store.find(presented.id, 'api');
    const facts = row === undefined ? undefined : keyFactsOf(row);
    const verdict = verifyKey(facts, presented.secretHash, this.parts.clock.now());
    if (row === undefined) throw denied('unknown');
    if (!verdict.valid) throw denied(verdict.reason);
    const roles = rolesOf(row);
    const scopes = this.parts.roles.scopesOf(roles);
    const principal: Principal = { id: row.id, tenantId: row.tenantId, roles, scopes, method: 'api_key' };
    return { principal, until: verdict.until };
  }
}

type Reason = Extract<KeyVerdict, { valid: false }>['reason'] | 'unreadable';

const denied = (reason: Reason): AppError => refusedCredential('INVALID_API_KEY', reason);
