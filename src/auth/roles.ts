import type { Role, RolesFile } from './role.schema.js';

/** Which scopes each role grants. */
export class Roles {
  constructor(private readonly table: RolesFile['roles']) {}

  /** Everything these roles grant together. */
  scopesOf(roles: readonly Role[]): ReadonlySet<string> {
    return new Set(roles.flatMap((role) => this.table[role]));
  }

  /** Every scope that some role grants, sorted. */
  allScopes(): readonly string[] {
    return [...new Set(Object.values(this.table).flat())].sort();
  }
}
