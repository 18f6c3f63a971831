import type { MessageKey } from '#libs/signing/index.js';
import type { Principal } from '../principal.js';
import { VerifiedCredentials } from '../verified-credentials.js';

/** Somebody who may sign requests, and what their signatures are checked with. */
export interface Signer extends Omit<Principal, 'method'> {
  readonly key: MessageKey;
}

/** Signers that were looked up a moment ago, by key id. */
export class VerifiedSigners extends VerifiedCredentials<Signer> {}

const principals = new WeakMap<Signer, Map<Principal['method'], Principal>>();

/**
 * The caller whose signature was good: the same object for as long as its signer is remembered, because others keep by it
 * what they know of a caller.
 */
export function principalOf(signer: Signer, method: Principal['method']): Principal {
  const made = principals.get(signer) ?? new Map<Principal['method'], Principal>();
  const known = made.get(method);
  if (known !== undefined) return known;
  const { key: _key, ...owner } = signer;
  const principal = { ...owner, method };
  principals.set(signer, made.set(method, principal));
  return principal;
}
