import type { FastifyInstance, preSerializationHookHandler } from 'fastify';
import type { ZodType } from 'zod';
import './request.js';

/**
 * Lets through only what a route's schema names. A hook of the route and not an interceptor of the framework: one
 * global interceptor sends every request through an observable, which costs more than the schema itself.
 */
export function filterAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const schema = route.config?.answer;
    if (schema !== undefined) route.preSerialization = filter(schema, route.url);
  });
}

const filter =
  (schema: ZodType, url: string): preSerializationHookHandler =>
  (_request, reply, payload, done) => {
    if (reply.statusCode >= 400) return done(null, payload);
    const answer = schema.safeParse(payload);
    if (answer.success) return done(null, answer.data);
    done(new Error(`The answer of ${url} does not have its shape`, { cause: answer.error }));
  };
