import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { abandon } from '../abandonment.js';

/** Told about each request once its answer is sent, or its caller is gone, with its route template. Must not throw. */
export type RequestObserver = (request: FastifyRequest, reply: FastifyReply, route: string) => void;

/**
 * Knows which requests are under way. Their end is the end of the response itself: the framework's own hook does not
 * run for a caller that went away.
 */
export class InFlight {
  private readonly running = new Set<FastifyRequest>();
  private idle: (() => void) | undefined;
  private readonly answers = new WeakMap<Socket, ServerResponse>();

  constructor(private readonly observers: readonly RequestObserver[]) {}

  begin(request: FastifyRequest, reply: FastifyReply): void {
    this.running.add(request);
    this.answers.set(request.raw.socket, reply.raw);
    reply.raw.on('close', () => {
      this.running.delete(request);
      const route = request.routeOptions?.url ?? 'unrouted';
      for (const observe of this.observers) observe(request, reply, route);
      if (this.running.size === 0) this.idle?.();
    });
  }

  /** Nothing is worked out for anybody any more: whoever waits still is answered with the failure. */
  refuseAll(failure: () => Error): void {
    for (const request of this.running) abandon(request, failure);
  }

  /** Whether an answer on this connection has begun and not ended. */
  answering(socket: Socket): boolean {
    const answer = this.answers.get(socket);
    return answer?.headersSent === true && !answer.writableEnded;
  }

  /**
   * When the server closes, requests may end; then every connection is closed: one that never carried a request
   * counts as active for Node, and would hold the server open until its timeout.
   */
  closeWhenIdle(fastify: FastifyInstance): void {
    fastify.addHook('preClose', (done) => {
      this.idle = () => {
        done();
        setImmediate(() => fastify.server.closeAllConnections());
      };
      if (this.running.size === 0) this.idle();
    });
  }
}
