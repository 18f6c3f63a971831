import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { AppModule } from './app.module.js';
import { UnclaimedBodies } from './auth/index.js';
import {
  type ClientErrorParts,
  ClientErrors,
  hashHeaderOf,
  InFlight,
  mountCors,
  mountEdge,
  ProblemFilter,
  type RequestObserver,
  RouteTable,
  requestLog,
  serverLimits,
  tlsOptions,
} from './http/edge/index.js';
import { AnswerRecorder } from './idempotency/index.js';
import {
  type Build,
  type Clock,
  type Config,
  Degradation,
  Drain,
  type Log,
  NestLog,
  versionText,
} from './kernel/index.js';
import { HttpMetrics } from './metrics/index.js';
import { serveDocument } from './openapi.js';
import { FloodGuard } from './quota/index.js';

/** What the outside gives the application. */
export interface AppParts {
  readonly config: Config;
  readonly log: Log;
  readonly build: Build;
  readonly clock: Clock;
  /** Mounted beside the product's own: a measurement or a test that needs a route of its own. */
  readonly modules?: readonly Type[];
}

/** The whole application, ready to listen. Used by `main`, the tests and the scripts. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const { config, log, build } = parts;
  const version = versionText(build);
  const prefix = config.HTTP_HEADER_PREFIXES[0] ?? 'X-Countersign';
  const kernel = { ...parts, drain: new Drain(), degradation: new Degradation() };
  const observers: RequestObserver[] = [requestLog(log)];
  const inFlight = new InFlight(observers);
  const routes = new RouteTable();
  const problems = new ProblemFilter(routes, { version, hashHeader: hashHeaderOf(prefix) });

  const server = openServer(config, { version, prefix, inFlight, ...kernel }, problems);
  routes.watch(server);
  mountEdge(server, { version, prefix, inFlight, shutdownMs: config.SHUTDOWN_TIMEOUT, ...kernel });
  await mountCors(server, config);

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(kernel, problems, parts.modules ?? []),
    new FastifyAdapter(server),
    { bodyParser: false, bufferLogs: true, abortOnError: false, logger: new NestLog(log) },
  );
  observers.push(app.get(HttpMetrics).observe, app.get(AnswerRecorder).left);
  server.addHook('onRequest', app.get(FloodGuard).onRequest);
  server.addHook('onRequest', app.get(UnclaimedBodies).onRequest);
  serveDocument(app, build.version);
  return app;
}

function openServer(config: Config, parts: ClientErrorParts, problems: ProblemFilter): FastifyInstance {
  const https = tlsOptions(config);
  const { inFlight } = parts;
  const refusals = new ClientErrors(parts);
  const options = {
    ...serverLimits(config),
    logger: false,
    clientErrorHandler: refusals.handle,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      inFlight.begin(request, reply);
      problems.answer(error, request, reply);
    },
  };
  const http = { requireHostHeader: false };
  const server = (
    https === undefined ? fastify({ ...options, http }) : fastify({ ...options, https: { ...https, ...http } })
  ) as FastifyInstance;
  refusals.watch(server.server);
  return server;
}
