import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { EdgeRequest } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { ACCESS_RULE } from './access.decorator.js';
import { type AccessDecision, type AccessRule, decideAccess } from './access.policy.js';
import { Authentication } from './authentication.service.js';
import type { Principal } from './principal.js';
import { ReceivedRequest } from './received-request.js';

/** A request behind the guard. */
export interface AuthenticatedRequest extends EdgeRequest {
  /** Absent on public routes. */
  principal?: Principal;
}

/** A handler or its controller: what a rule is declared on. */
type RuleTarget = Parameters<Reflector['get']>[1];

/** First of the global guards: authenticate, decide, attach. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly rules = new Map<RuleTarget, AccessRule | undefined>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const rule = this.ruleAt(context.getHandler()) ?? this.ruleAt(context.getClass());
    // Nothing is awaited for a public route: a promise would cost it more than the decision.
    return rule?.kind === 'public' ? admit(request, rule, undefined) : this.authenticated(context, request, rule);
  }

  /** Metadata never changes, so it is read once: for a request it would cost more than the decision. */
  private ruleAt(target: RuleTarget): AccessRule | undefined {
    if (!this.rules.has(target)) this.rules.set(target, this.reflector.get(ACCESS_RULE, target));
    return this.rules.get(target);
  }

  private async authenticated(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    rule: AccessRule | undefined,
  ): Promise<true> {
    const principal = rule === undefined ? undefined : await this.identify(request);
    if (principal?.method === 'legacy_hmac') context.getArgByIndex<FastifyReply>(1).header('deprecation', 'true');
    return admit(request, rule, principal);
  }

  private async identify(request: AuthenticatedRequest): Promise<Principal> {
    const principal = await this.authentication.authenticate(new ReceivedRequest(request));
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
