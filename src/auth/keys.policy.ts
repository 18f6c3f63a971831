import { type KeyFacts, keyPrefix } from './api-key.policy.js';
import type { ApiKeyRow } from './api-keys.table.js';
import type { ApiKey } from './keys.schema.js';
import { Role } from './role.schema.js';

/** Whether a caller may hand these scopes on: only what they hold themselves. */
export const mayGrant = (held: ReadonlySet<string>, granted: ReadonlySet<string>): boolean =>
  [...granted].every((scope) => held.has(scope));

/** Stored role names that mean something today; what was removed since grants nothing. */
export const rolesOf = (row: Pick<ApiKeyRow, 'roles'>): Role[] =>
  row.roles.map((name) => Role.safeParse(name).data).filter((role) => role !== undefined);

export const kindOf = (row: Pick<ApiKeyRow, 'kind'>): ApiKey['kind'] => (row.kind === 'hmac' ? 'hmac' : 'api');

export function keyFactsOf(row: ApiKeyRow): KeyFacts {
  const { secretHash, previousHash, previousUntil, expiresAt, revokedAt } = row;
  const hasPrevious = previousHash !== null && previousUntil !== null;
  return {
    secretHash,
    previous: hasPrevious ? { secretHash: previousHash, until: previousUntil.getTime() } : undefined,
    expiresAt: expiresAt?.getTime(),
    revokedAt: revokedAt?.getTime(),
  };
}

export const statusOf = (row: Pick<ApiKeyRow, 'expiresAt' | 'revokedAt'>, now: number): ApiKey['status'] => {
  if (row.revokedAt !== null) return 'revoked';
  return row.expiresAt !== null && row.expiresAt.getTime() <= now ? 'expired' : 'active';
};

/** A key as its tenant's admins see it: everything but its secrets. */
export const viewOf = (row: ApiKeyRow, now: number): ApiKey => ({
  id: row.id,
  name: row.name,
  kind: kindOf(row),
  roles: rolesOf(row),
  prefix: keyPrefix(row.id),
  status: statusOf(row, now),
  created_at: row.createdAt.toISOString(),
  created_by: row.createdBy,
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  previous_until: row.previousUntil?.toISOString() ?? null,
});
