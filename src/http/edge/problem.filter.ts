import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBody } from '../body.policy.js';
import { originOf } from '../origin.js';
import { bodyHash } from './answer-hash.js';
import { beginRequest } from './begin-request.js';
import { failureOf } from './failure.policy.js';
import { problemReply } from './problem-reply.policy.js';
import { RouteTable } from './route-table.js';

/** What an answer says of the service, for targets that the router refuses before any hook has run. */
export interface AnswerNames {
  readonly version: string;
  readonly hashHeader: string;
}

/** The one place where a failure becomes an answer; the request's own log event names it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly names: AnswerNames,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const hooked = request.edge !== undefined;
    if (!hooked) beginRequest(request, reply, this.names.version);
    const failure = failureOf(error, {
      unrouted: request.is404,
      allow: request.is404 ? this.otherMethods(request) : [],
      maxBodyBytes: request.routeOptions?.bodyLimit ?? 0,
      frameworkStatus: error instanceof HttpException ? error.getStatus() : undefined,
    });
    request.edge.problem = failure.code;
    request.edge.cause = failure.cause;
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const { status, headers, body } = problemReply(failure, request.edge, {
      url: request.url,
      baseUrl: originOf(request),
    });
    const payload = JSON.stringify(body);
    if (!hooked) reply.header(this.names.hashHeader, bodyHash(payload));
    if (isComing(request)) {
      if (isBounded(request)) reply.removeHeader('connection');
      else reply.header('connection', 'close');
    }
    void reply.status(status).headers(headers).send(payload);
  }

  /** A route that takes any path and finds nothing there has no other method to offer. */
  private otherMethods({ method, url }: FastifyRequest): readonly string[] {
    const allowed = this.routes.allowed(pathOf(url));
    return allowed.includes(method) ? [] : allowed;
  }
}

/** Larger bodies are not read to their end only so that their sender hears why they were refused. */
const MOST_DISCARDED_BYTES = 128 * 1_048_576;

/** Whether the body was refused before all of it was here. */
const isComing = ({ headers, raw }: FastifyRequest): boolean => !raw.complete && hasBody(headers);

/**
 * Closing while the caller still sends makes its system drop the answer unread. A refused body of a bounded length is
 * therefore received and discarded, within the time a request may take.
 */
const isBounded = ({ headers }: FastifyRequest): boolean => Number(headers['content-length']) <= MOST_DISCARDED_BYTES;

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;
