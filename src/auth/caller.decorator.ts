import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '#src/kernel/index.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Principal } from './principal.js';

/** The principal the guard let through. A public route has none. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw new AppError('UNAUTHENTICATED');
  return principal;
});
