import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '#src/kernel/index.js';
import { type AccessDecision, type AccessRule, decideAccess } from './access.policy.js';
import { AccessRules } from './access-rules.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** Third of the global guards, after a request was counted: whoever may not pass pays for asking. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly rules: AccessRules) {}

  canActivate(context: ExecutionContext): true {
    const { edge, principal, nonce } = context.getArgByIndex<AuthenticatedRequest>(0);
    const rule = this.rules.of(context);
    const decision = decideAccess(rule, principal, nonce);
    edge.fields['access'] = decision.reason;
    if (!decision.allow) throw denial(decision.reason, rule);
    return true;
  }
}

type Denied = Extract<AccessDecision, { allow: false }>['reason'];

function denial(reason: Denied, rule: AccessRule | undefined): AppError {
  // A fault of ours, not of the caller: the guard before this one uses it up.
  if (reason === 'nonce_unused') return new AppError('INTERNAL');
  if (reason === 'no_principal') return new AppError('UNAUTHENTICATED');
  return rule?.kind === 'scope'
    ? new AppError('FORBIDDEN', `Needs the scope ${rule.scope}`)
    : new AppError('FORBIDDEN');
}
