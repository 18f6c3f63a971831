import { Role } from './role.schema.js';

/** Whose credential it is, as the environment says it. */
export interface Owner {
  readonly tenantId: string;
  readonly roles: readonly Role[];
  /** Words among the roles that are none. */
  readonly unknownRoles: boolean;
}

const DEFAULT_TENANT = 'default';
const DEFAULT_ROLES = 'user';

/** @param text `tenant[:role+role]`; tenant `default` and role `user` when left out */
export function parseOwner(text: string): Owner {
  const [tenantId = '', words = DEFAULT_ROLES] = text.split(':');
  return { tenantId: tenantId === '' ? DEFAULT_TENANT : tenantId, ...parseRoles(words.split('+')) };
}

/** Each role once, in the order of their first mention. */
export function parseRoles(words: readonly string[]): Pick<Owner, 'roles' | 'unknownRoles'> {
  const named = words.map((word) => Role.safeParse(word).data);
  const roles = [...new Set(named.filter((role) => role !== undefined))];
  return { roles, unknownRoles: named.includes(undefined) };
}
