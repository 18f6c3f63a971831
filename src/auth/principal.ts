import type { CredentialKind } from './credential.js';
import type { Role } from './role.schema.js';

/** Who is calling, as proven by a credential. */
export interface Principal {
  /** Public id of the credential's owner: a key id, or `<issuer>#<subject>`. Never derived from a secret by a weak hash. */
  readonly id: string;
  readonly tenantId: string;
  readonly roles: readonly Role[];
  /** What the roles grant. */
  readonly scopes: ReadonlySet<string>;
  /** How the caller authenticated. */
  readonly method: CredentialKind;
}
