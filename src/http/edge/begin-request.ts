import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '#src/kernel/index.js';
import './request.js';
import { requestIdOf, SECURITY_HEADERS, traceIdOf } from './response-headers.policy.js';
import { reuseOf } from './reuse.policy.js';

/** Context and headers, before anything can fail. Also for requests the router itself refuses. */
export function beginRequest(request: FastifyRequest, reply: FastifyReply, version: string): void {
  const context = newContext(request);
  request.edge = context;
  reply.headers(SECURITY_HEADERS);
  reply.header('x-request-id', context.requestId);
  reply.header('x-trace-id', context.traceId);
  reply.header('x-service-version', version);
}

const newContext = ({ headers }: FastifyRequest): RequestContext => ({
  requestId: requestIdOf(headers['x-request-id']),
  traceId: traceIdOf(headers['traceparent']),
  reuse: reuseOf(headers['cache-control']),
  fields: {},
});
