import { createHash, hash } from 'node:crypto';
import { ConfigError, type Secret } from '#src/kernel/index.js';
import { looksLikeJwt } from './credentials.policy.js';
import { type Owner, parseOwner } from './owner.policy.js';
import type { Principal } from './principal.js';
import type { Roles } from './roles.js';

/** SHA-256 of a presented key, hex: the name under which the process knows it. */
export const digestOf = (text: string): string => hash('sha256', text);

/**
 * Keys from `ASSIST_API_KEYS`, kept as digests only. Looking a digest up in a map takes a time that depends on the
 * digest, which tells nothing about a secret of 32 characters and more.
 */
export class BootstrapKeys {
  private readonly principals = new Map<string, Principal>();

  /** @throws {ConfigError} naming `ASSIST_API_KEYS`, with every fault at once */
  constructor(entries: readonly Secret[], roles: Roles) {
    const faults = bootstrapKeyFaults(entries);
    if (faults.length > 0) throw new ConfigError(faults);
    for (const entry of entries) this.add(entry.reveal(), roles);
  }

  /** @param digest of the text as presented */
  find(digest: string): Principal | undefined {
    return this.principals.get(digest);
  }

  private add(entry: string, roles: Roles): void {
    const { secret, owner } = partsOf(entry);
    this.principals.set(digestOf(secret), {
      id: bootstrapId(secret),
      tenantId: owner.tenantId,
      roles: owner.roles,
      scopes: roles.scopesOf(owner.roles),
      method: 'api_key',
    });
  }
}

/** What is wrong with `ASSIST_API_KEYS`, each kind of fault once; never a secret. */
export function bootstrapKeyFaults(entries: readonly Secret[]): string[] {
  const parts = entries.map((entry) => partsOf(entry.reveal()));
  const secrets = parts.map(({ secret }) => secret);
  return [
    ...(parts.some(({ owner }) => owner.unknownRoles) ? ['ASSIST_API_KEYS (unknown role)'] : []),
    ...(secrets.some(looksLikeJwt) ? ['ASSIST_API_KEYS (secret looks like a JWT: it has exactly two dots)'] : []),
    ...(new Set(secrets).size < secrets.length ? ['ASSIST_API_KEYS (secret listed twice)'] : []),
  ];
}

function partsOf(entry: string): { readonly secret: string; readonly owner: Owner } {
  const [secret = '', owner = ''] = entry.split('@');
  return { secret, owner: parseOwner(owner) };
}

/** Public and stable; the hash is strong and used for nothing else, so it gives nothing away about the secret. */
const bootstrapId = (secret: string): string =>
  `key_boot_${createHash('sha256').update('countersign bootstrap id').update(secret).digest('hex').slice(0, 16)}`;
