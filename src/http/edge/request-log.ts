import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '#src/kernel/index.js';
import type { RequestObserver } from './in-flight.js';

/** nginx's code for a caller that went away; in logs only. */
const CLIENT_CLOSED = 499;

/**
 * One wide event per request. Those of one turn of the event loop are written together, in the next: one by one, between
 * the requests themselves, each costs twice as much (a tenth of a small request, `npm run bench -- Q1`).
 */
export function requestLog(log: Log): RequestObserver {
  let over: ReturnType<typeof eventOf>[] = [];
  const write = (): void => {
    const events = over;
    over = [];
    for (const event of events) {
      if (event.http_status >= 500) log.error(event, 'request.failed');
      else log.info(event, 'request.completed');
    }
  };
  return (request, reply, route) => {
    if (over.push(eventOf(request, reply, route)) === 1) setImmediate(write);
  };
}

/** It names its ids itself: it is written when the request is over. */
function eventOf(request: FastifyRequest, reply: FastifyReply, route: string) {
  const context = request.edge;
  const aborted = !reply.raw.writableEnded;
  return {
    request_id: context.requestId,
    trace_id: context.traceId,
    http_method: request.method,
    http_route: route,
    http_status: aborted ? CLIENT_CLOSED : reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
    tenant_id: context.tenantId,
    principal_id: context.principalId,
    auth_method: context.method,
    problem: aborted ? 'CANCELLED' : context.problem,
    ...context.fields,
    cause: context.cause,
  };
}
