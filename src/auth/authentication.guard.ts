import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccessRules } from './access-rules.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { Authentication } from './authentication.service.js';
import { ReceivedRequest } from './received-request.js';

/** First of the global guards: says who is calling. What a caller may is for {@link AccessGuard} to say. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly rules: AccessRules,
    private readonly authentication: Authentication,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.rules.of(context);
    // Nobody is asked where anybody may go, or nobody: a promise would cost a public route more than the decision.
    return rule === undefined || rule.kind === 'public' || this.identify(context);
  }

  private async identify(context: ExecutionContext): Promise<true> {
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const principal = await this.authentication.authenticate(new ReceivedRequest(request));
    request.principal = principal;
    request.edge.tenantId = principal.tenantId;
    request.edge.principalId = principal.id;
    request.edge.method = principal.method;
    if (principal.method === 'legacy_hmac') context.getArgByIndex<FastifyReply>(1).header('deprecation', 'true');
    return true;
  }
}
