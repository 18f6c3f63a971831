import type { Log } from '#src/kernel/index.js';
import type { RequestObserver } from './in-flight.js';

/** nginx's code for a caller that went away; in logs only. */
const CLIENT_CLOSED = 499;

/** One wide event per request. It names its ids itself: it is written when the request is over. */
export const requestLog =
  (log: Log): RequestObserver =>
  (request, reply, route) => {
    const context = request.edge;
    const aborted = !reply.raw.writableEnded;
    const fields = {
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
    if (reply.statusCode >= 500) log.error(fields, 'request.failed');
    else log.info(fields, 'request.completed');
  };
