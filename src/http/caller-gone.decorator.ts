import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { abandonmentOf } from './abandonment.js';
import type { EdgeRequest } from './edge/request.js';

/** A signal that aborts when the caller hung up before the answer was sent, and will not come back for it. */
export const CallerGone = createParamDecorator(
  (_: unknown, context: ExecutionContext): AbortSignal =>
    abandonmentOf(context.switchToHttp().getRequest<EdgeRequest>()),
);
