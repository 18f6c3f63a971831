import { describe, expect, it } from '@jest/globals';
import { type AccessRule, decideAccess } from './access.policy.js';

const holder = { scopes: new Set(['keys:manage']) };
const stranger = { scopes: new Set(['drafts:create']) };
const needsKeys: AccessRule = { kind: 'scope', scope: 'keys:manage' };
const needsNothing: AccessRule = { kind: 'caller' };

describe('decideAccess', () => {
  it.each([
    ['refuses everybody where no rule stands', undefined, holder, false, 'no_rule'],
    ['refuses strangers where no rule stands', undefined, undefined, false, 'no_rule'],
    ['lets anybody in where the rule says public', { kind: 'public' } as const, undefined, true, 'public'],
    ['lets everybody in who is known where nothing more is needed', needsNothing, stranger, true, 'known'],
    ['refuses nobody in particular also there', needsNothing, undefined, false, 'no_principal'],
    ['refuses nobody in particular where a scope is needed', needsKeys, undefined, false, 'no_principal'],
    ['refuses who does not hold the scope', needsKeys, stranger, false, 'scope_missing'],
    ['lets in who holds the scope', needsKeys, holder, true, 'scope_held'],
  ] as const)('%s', (_title, rule, principal, allow, reason) => {
    expect(decideAccess(rule, principal)).toEqual({ allow, reason });
  });

  it.each([
    ['refuses whose nonce nobody used up, whatever scopes there are', false, false, 'nonce_unused'],
    ['lets in whose nonce is used up', true, true, 'scope_held'],
  ] as const)('%s', (_title, usedUp, allow, reason) => {
    expect(decideAccess(needsKeys, holder, { usedUp })).toEqual({ allow, reason });
  });

  it('does not take a part of a scope for the scope', () => {
    expect(decideAccess({ kind: 'scope', scope: 'keys' }, holder).allow).toBe(false);
    expect(decideAccess({ kind: 'scope', scope: 'keys:manage:all' }, holder).allow).toBe(false);
  });
});
