import { createSecretKey, type KeyObject } from 'node:crypto';
import type { SigningSecrets } from '#libs/signing/index.js';
import type { Clock } from '#src/kernel/index.js';
import { formatKey, isKeyId } from '../api-key.policy.js';
import type { ApiKeyRow } from '../api-keys.table.js';
import type { KeyStore } from '../key.store.js';
import { rolesOf } from '../keys.policy.js';
import { refusedCredential } from '../refused-credential.js';
import type { Roles } from '../roles.js';
import type { Verified } from '../verified-credentials.js';
import type { ConfiguredSigners } from './configured-signers.js';
import type { SecretSeal } from './secret-seal.js';
import type { Signer, VerifiedSigners } from './signer.js';
import { usableSecrets } from './signing-key.policy.js';

export interface SignerParts {
  readonly configured: ConfiguredSigners;
  readonly store: KeyStore;
  readonly verified: VerifiedSigners;
  /** `undefined` where no signing keys can be kept. */
  readonly seal: SecretSeal | undefined;
  readonly roles: Roles;
  readonly clock: Clock;
}

/** Who is behind a key id. */
export class Signers {
  constructor(private readonly parts: SignerParts) {}

  /** @throws {AppError} `NO_SECRET` for an id that is unknown, revoked, expired or of another kind of key */
  find(keyId: string): Signer | Promise<Signer> {
    const configured = this.parts.configured.find(keyId);
    if (configured !== undefined) return configured;
    if (!isKeyId(keyId)) throw refusedCredential('NO_SECRET', 'unknown');
    return this.parts.verified.find(keyId, () => this.lookUp(keyId));
  }

  private async lookUp(keyId: string): Promise<Verified<Signer>> {
    const { store, clock, roles: table } = this.parts;
    const row = await store.find(keyId, 'hmac');
    if (row === undefined) throw refusedCredential('NO_SECRET', 'unknown');
    const found = usableSecrets(row, clock.now());
    if (!found.usable) throw refusedCredential('NO_SECRET', found.reason);
    const secrets = secretsOf(found.sealed.map((sealed) => this.open(sealed, row)));
    if (secrets === undefined) throw refusedCredential('NO_SECRET', 'sealed_with_another_key');
    const roles = rolesOf(row);
    const key = { algorithm: 'hmac-sha256', secrets } as const;
    const signer = { id: row.id, tenantId: row.tenantId, roles, scopes: table.scopesOf(roles), key };
    return { principal: signer, until: found.until };
  }

  /** The secret is the text its owner was shown. */
  private open(sealed: Uint8Array, { id, tenantId }: ApiKeyRow): KeyObject | undefined {
    const secret = this.parts.seal?.open(sealed, { tenantId, keyId: id });
    return secret === undefined ? undefined : createSecretKey(formatKey(id, secret), 'utf8');
  }
}

/** The former secret may be lost without harm, the current one not. */
function secretsOf([current, former]: readonly (KeyObject | undefined)[]): SigningSecrets | undefined {
  if (current === undefined) return undefined;
  return former === undefined ? [current] : [current, former];
}
