import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '#src/kernel/index.js';

/** Lets pages of the listed origins call; without any, no page of another origin may. */
export async function mountCors(fastify: FastifyInstance, { ALLOWED_ORIGINS }: Config): Promise<void> {
  if (ALLOWED_ORIGINS.length === 0) return;
  const options: FastifyCorsOptions = {
    origin: [...ALLOWED_ORIGINS],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['*'],
    maxAge: 600,
  };
  const withoutPreflight = { ...options, preflight: false };
  await fastify.register(cors, {
    delegator: (request, done) => done(null, isPreflight(request) ? options : withoutPreflight),
  });
}

/** Fetch standard, "CORS-preflight request". Any other OPTIONS is a method that no route has. */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
