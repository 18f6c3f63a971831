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
    const faults = [...sharedSecretFaults(config), ...sharedRoleFaults(config), ...publicKeyFaults(config)];
    if (faults.length > 0) throw new ConfigError(faults);
    this.addShared(config);
    for (const entry of config.ED25519_KEYS) this.addPublic(entry);
  }

  find(keyId: string): Signer | undefined {
    return this.signers.get(keyId);
  }

  private addShared(config: SigningConfig): void {
    const { HMAC_SECRET: secret, HMAC_SECRET_PREVIOUS: previous } = config;
    if (secret === undefined) return;
    const { roles } = parseRoles(config.HMAC_ROLES);
    const secrets = previous === undefined ? ([secret.key()] as const) : ([secret.key(), previous.key()] as const);
    const scopes = this.roles.scopesOf(roles);
    const key = { algorithm: 'hmac-sha256', secrets } as const;
    this.signers.set(DEFAULT_KEY_ID, { id: DEFAULT_KEY_ID, tenantId: config.HMAC_TENANT, roles, scopes, key });
  }

  private addPublic(entry: string): void {
    const { id, publicKey, owner } = partsOf(entry);
    if (publicKey === undefined) return;
    const { tenantId, roles } = owner;
    const scopes = this.roles.scopesOf(roles);
    this.signers.set(id, { id, tenantId, roles, scopes, key: { algorithm: 'ed25519', publicKey } });
  }
}

export const sharedSecretFaults = (config: Pick<Config, 'HMAC_SECRET' | 'HMAC_SECRET_PREVIOUS'>): string[] =>
  config.HMAC_SECRET_PREVIOUS !== undefined && config.HMAC_SECRET === undefined
    ? ['HMAC_SECRET_PREVIOUS (without HMAC_SECRET)']
    : [];

export const sharedRoleFaults = ({ HMAC_ROLES }: Pick<Config, 'HMAC_ROLES'>): string[] =>
  parseRoles(HMAC_ROLES).unknownRoles ? ['HMAC_ROLES (unknown role)'] : [];

/** Each kind of fault once. */
export function publicKeyFaults({ ED25519_KEYS }: Pick<Config, 'ED25519_KEYS'>): string[] {
  const parts = ED25519_KEYS.map(partsOf);
  const ids = [DEFAULT_KEY_ID, ...parts.map(({ id }) => id)];
  return [
    ...(parts.some(({ publicKey }) => publicKey === undefined) ? ['ED25519_KEYS (not a public key)'] : []),
    ...(new Set(ids).size < ids.length ? ['ED25519_KEYS (id listed twice)'] : []),
    ...(parts.some(({ owner }) => owner.unknownRoles) ? ['ED25519_KEYS (unknown role)'] : []),
  ];
}

/** @param entry `id=x[@tenant[:role+role]]`, x the public key in base64url as in a JWK */
function partsOf(entry: string) {
  const [named = '', owner = ''] = entry.split('@');
  const at = named.indexOf('=');
  return { id: named.slice(0, at), publicKey: ed25519Key(named.slice(at + 1)), owner: parseOwner(owner) };
}

function ed25519Key(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  } catch {
    return undefined;
  }
}
