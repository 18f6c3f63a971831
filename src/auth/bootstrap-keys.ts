import { createHash, hash } from 'node:crypto';
import { ConfigError, type Secret } from '#src/kernel/index.js';
import { looksLikeJwt } from './credentials.policy.js';
import { parseOwner } from './owner.policy.js';
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
    const { tenantId, roles: known, unknownRoles } = parseOwner(owner);
    const digest = digestOf(secret);
    const faults = [
      ...(unknownRoles ? ['unknown role'] : []),
      ...(looksLikeJwt(secret) ? ['secret looks like a JWT: it has exactly two dots'] : []),
      ...(this.principals.has(digest) ? ['secret listed twice'] : []),
    ];
    this.principals.set(digest, {
      id: bootstrapId(secret),
      tenantId,
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
