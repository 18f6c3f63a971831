import type { Nonce } from './nonce.js';
import type { Principal } from './principal.js';

/** What a route asks of its caller. */
export type AccessRule =
  | { readonly kind: 'public' }
  /** Whoever is known. */
  | { readonly kind: 'caller' }
  | { readonly kind: 'scope'; readonly scope: string };

export type AccessDecision =
  | { readonly allow: true; readonly reason: 'public' | 'known' | 'scope_held' }
  | { readonly allow: false; readonly reason: 'no_rule' | 'no_principal' | 'nonce_unused' | 'scope_missing' };

/** Total, and closed by default: what has no rule is refused to everybody. */
export function decideAccess(
  rule: AccessRule | undefined,
  principal: Pick<Principal, 'scopes'> | undefined,
  nonce?: Pick<Nonce, 'usedUp'>,
): AccessDecision {
  if (rule === undefined) return { allow: false, reason: 'no_rule' };
  if (rule.kind === 'public') return { allow: true, reason: 'public' };
  if (principal === undefined) return { allow: false, reason: 'no_principal' };
  if (nonce?.usedUp === false) return { allow: false, reason: 'nonce_unused' };
  if (rule.kind === 'caller') return { allow: true, reason: 'known' };
  return principal.scopes.has(rule.scope)
    ? { allow: true, reason: 'scope_held' }
    : { allow: false, reason: 'scope_missing' };
}
