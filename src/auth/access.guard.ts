import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EdgeRequest } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { ACCESS_RULE } from './access.decorator.js';
import { type AccessDecision, type AccessRule, decideAccess } from './access.policy.js';
import { Authentication } from './authentication.service.js';
import type { Principal } from './principal.js';

/** A request behind the guard. */
export interface AuthenticatedRequest extends EdgeRequest {
  /** Absent on public routes. */
  principal?: Principal;
}

/** First of the global guards: authenticate, decide, attach. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    // Nothing is awaited for a public route: a promise would cost it more than the decision.
    return rule?.kind === 'public' ? admit(request, rule, undefined) : this.authenticated(request, rule);
  }

  private async authenticated(request: AuthenticatedRequest, rule: AccessRule | undefined): Promise<true> {
    const principal = rule === undefined ? undefined : await this.identify(request);
    return admit(request, rule, principal);
  }

  private async identify(request: AuthenticatedRequest): Promise<Principal> {
    const { method, raw, rawBody } = request;
    const principal = await this.authentication.authenticate({
      method,
      target: raw.url ?? '',
      rawHeaders: raw.rawHeaders,
      rawBody,
    });
    request.principal = principal;
    request.edge.tenantId = principal.tenantId;
    request.edge.principalId = principal.id;
    request.edge.method = principal.method;
    return principal;
  }
}

function admit({ edge }: AuthenticatedRequest, rule: AccessRule | undefined, principal: Principal | undefined): true {
  const decision = decideAccess(rule, principal);
  edge.fields['access'] = decision.reason;
  if (!decision.allow) throw denial(decision.reason, rule);
  return true;
}

type Denied = Extract<AccessDecision, { allow: false }>['reason'];

function denial(reason: Denied, rule: AccessRule | undefined): AppError {
  if (reason === 'no_principal') return new AppError('UNAUTHENTICATED');
  return rule?.kind === 'scope'
    ? new AppError('FORBIDDEN', `Needs the scope ${rule.scope}`)
    : new AppError('FORBIDDEN');
}
