import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { onceKnown } from '#src/kernel/index.js';
import { AccessRules } from './access-rules.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { Authentication } from './authentication.service.js';
import type { Authenticated } from './authenticator.port.js';
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
    // Nobody is asked where anybody may go, or nobody.
    if (rule === undefined || rule.kind === 'public') return true;
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const authenticated = this.authentication.authenticate(new ReceivedRequest(request));
    return onceKnown(authenticated, (known) => this.welcome(known, context));
  }

  private welcome(authenticated: Authenticated, context: ExecutionContext): true {
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const signed = 'nonce' in authenticated;
    const principal = signed ? authenticated.principal : authenticated;
    request.principal = principal;
    if (signed) request.nonce = authenticated.nonce;
    request.edge.tenantId = principal.tenantId;
    request.edge.principalId = principal.id;
    request.edge.method = principal.method;
    if (principal.method === 'legacy_hmac') context.getArgByIndex<FastifyReply>(1).header('deprecation', 'true');
    return true;
  }
}
