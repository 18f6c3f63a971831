import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Config, ConfigError } from '#src/kernel/index.js';
import { parseOwner, parseRoles } from '../owner.policy.js';
import type { Roles } from '../roles.js';
import type { Signer } from './signer.js';

/** The key made from `HMAC_SECRET`: the one meant when a request names none. */
export const DEFAULT_KEY_ID = 'key_default';

type SigningConfig = Pick<
  Config,
  'HMAC_SECRET' | 'HMAC_SECRET_PREVIOUS' | 'HMAC_TENANT' | 'HMAC_ROLES' | 'ED25519_KEYS'
>;

/** Signers the environment names, by key id. */
export class ConfiguredSigners {
  private readonly signers = new Map<string, Signer>();

  /** @throws {ConfigError} naming the variable, with every fault at once */
  constructor(
    config: SigningConfig,
    private readonly roles: Roles,
  ) {
    const faults = [...this.addShared(config), ...config.ED25519_KEYS.flatMap((entry) => this.addPublic(entry))];
    if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  }

  find(keyId: string): Signer | undefined {
    return this.signers.get(keyId);
  }

  private addShared(config: SigningConfig): string[] {
    const { HMAC_SECRET: secret, HMAC_SECRET_PREVIOUS: previous } = config;
    const { roles, unknownRoles } = parseRoles(config.HMAC_ROLES);
    if (secret === undefined) return previous === undefined ? [] : ['HMAC_SECRET_PREVIOUS (without HMAC_SECRET)'];
    const secrets = previous === undefined ? ([secret.key()] as const) : ([secret.key(), previous.key()] as const);
    const scopes = this.roles.scopesOf(roles);
    const key = { algorithm: 'hmac-sha256', secrets } as const;
    this.signers.set(DEFAULT_KEY_ID, { id: DEFAULT_KEY_ID, tenantId: config.HMAC_TENANT, roles, scopes, key });
    return unknownRoles ? ['HMAC_ROLES (unknown role)'] : [];
  }

  /** @param entry `id=x[@tenant[:role+role]]`, x the public key in base64url as in a JWK */
  private addPublic(entry: string): string[] {
    const [named = '', owner = ''] = entry.split('@');
    const at = named.indexOf('=');
    const id = named.slice(0, at);
    const publicKey = ed25519Key(named.slice(at + 1));
    const { tenantId, roles, unknownRoles } = parseOwner(owner);
    if (publicKey === undefined) return ['ED25519_KEYS (not a public key)'];
    if (this.signers.has(id) || id === DEFAULT_KEY_ID) return ['ED25519_KEYS (id listed twice)'];
    const scopes = this.roles.scopesOf(roles);
    this.signers.set(id, { id, tenantId, roles, scopes, key: { algorithm: 'ed25519', publicKey } });
    return unknownRoles ? ['ED25519_KEYS (unknown role)'] : [];
  }
}

function ed25519Key(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  } catch {
    return undefined;
  }
}
