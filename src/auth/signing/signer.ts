import type { MessageKey } from '#libs/signing/index.js';
import type { Principal } from '../principal.js';
import { VerifiedCredentials } from '../verified-credentials.js';

/** Somebody who may sign requests, and what their signatures are checked with. */
export interface Signer extends Omit<Principal, 'method'> {
  readonly key: MessageKey;
}

/** Signers that were looked up a moment ago, by key id. */
export class VerifiedSigners extends VerifiedCredentials<Signer> {}

/** The caller whose signature was good. */
export const principalOf = ({ key, ...owner }: Signer, method: Principal['method']): Principal => ({
  ...owner,
  method,
});
