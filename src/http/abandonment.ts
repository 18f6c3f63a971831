import type { FastifyRequest } from 'fastify';

const waiting = new WeakMap<FastifyRequest, AbortController>();

/** Aborts when nobody waits for the answer of a request any more: not when its caller leaves and may come back. */
export function abandonmentOf(request: FastifyRequest): AbortSignal {
  const known = waiting.get(request);
  if (known !== undefined) return known.signal;
  const controller = new AbortController();
  waiting.set(request, controller);
  return controller.signal;
}

/** Says that nobody waits for the answer of a request any more; work that does not ask goes on. */
export const abandon = (request: FastifyRequest, reason: () => Error): void => waiting.get(request)?.abort(reason());
