import { createHash } from 'node:crypto';
import { ConfigError, type Secret } from '#src/kernel/index.js';
import { looksLikeJwt } from './credentials.policy.js';
import type { Principal } from './principal.js';
import { Role } from './role.schema.js';
import type { Roles } from './roles.js';

const DEFAULT_TENANT = 'default';
const DEFAULT_ROLES = 'user';

/** SHA-256 of a presented key, hex: the name under which the process knows it. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Keys from `ASSIST_API_KEYS`, kept as digests only. Looking a digest up in a map takes a time that depends on the
 * digest, which tells nothing about a secret of 32 characters and more.
 */
export class BootstrapKeys {
  private readonly principals = new Map<string, Principal>();

  /** @throws {ConfigError} naming `ASSIST_API_KEYS`, with every fault at once */
  constructor(entries: readonly Secret[], roles: Roles) {
    const faults = entries.flatMap((entry) => this.add(entry.reveal(), roles));
    if (faults.length > 0) throw new ConfigError([...new Set(faults)].map((fault) => `ASSIST_API_KEYS (${fault})`));
  }

  /** @param digest of the text as presented */
  find(digest: string): Principal | undefined {
    return this.principals.get(digest);
  }

  /** @returns what is wrong with the entry; never its secret */
  private add(entry: string, roles: Roles): string[] {
    const [secret = '', owner = ''] = entry.split('@');
    const [tenantId = '', words = DEFAULT_ROLES] = owner.split(':');
    const named = words.split('+').map((word) => Role.safeParse(word).data);
    const known = [...new Set(named.filter((role) => role !== undefined))];
    const digest = digestOf(secret);
    const faults = [
      ...(named.includes(undefined) ? ['unknown role'] : []),
      ...(looksLikeJwt(secret) ? ['secret looks like a JWT: it has exactly two dots'] : []),
      ...(this.principals.has(digest) ? ['secret listed twice'] : []),
    ];
    this.principals.set(digest, {
      id: bootstrapId(secret),
      tenantId: tenantId === '' ? DEFAULT_TENANT : tenantId,
      roles: known,
      scopes: roles.scopesOf(known),
      method: 'api_key',
    });
    return faults;
  }
}

/** Public and stable; the hash is strong and used for nothing else, so it gives nothing away about the secret. */
const bootstrapId = (secret: string): string =>
  `key_boot_${createHash('sha256').update('countersign bootstrap id').update(secret).digest('hex').slice(0, 16)}`;
