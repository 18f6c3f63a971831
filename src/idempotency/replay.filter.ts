import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventStream } from '#src/http/index.js';
import type { Answer } from './answer.policy.js';

/** Not a failure: the guard found the answer, so nothing behind it runs. */
export class Replay extends Error {
  constructor(
    readonly answer: Answer,
    readonly stream: AsyncIterable<Uint8Array> | undefined,
  ) {
    super('The answer is known');
  }
}

/** Sends a known answer again: the same bytes, in a new exchange with ids of its own. */
@Catch(Replay)
export class ReplayFilter implements ExceptionFilter<Replay> {
  catch({ answer, stream }: Replay, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { dialect } = http.getRequest<FastifyRequest>().routeOptions.config;
    reply.status(answer.status).headers({ ...answer.headers, 'idempotent-replayed': 'true' });
    void reply.send(stream === undefined ? answer.body : eventStream(stream, dialect).getStream());
  }
}
