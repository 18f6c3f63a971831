import { Injectable } from '@nestjs/common';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { hasBody } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { Authentication } from './authentication.service.js';

/**
 * Bodies are read for callers who present something. Runs as a hook of the server: the framework's guards come after the
 * body was received and parsed, and an anonymous caller could so make the process hold many large ones.
 */
@Injectable()
export class UnclaimedBodies {
  constructor(private readonly authentication: Authentication) {}

  readonly onRequest: onRequestHookHandler = (request, _reply, done) => {
    const refused = hasBody(request.headers) && !isOpen(request) && !this.authentication.isTried(request.headers);
    done(refused ? new AppError('UNAUTHENTICATED') : undefined);
  };
}

const isOpen = ({ is404, routeOptions }: FastifyRequest): boolean => is404 || routeOptions.config.open === true;
