import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

/** What each decorated method has gathered so far: Nest keeps only the last `RouteConfig` of a method. */
const gathered = new WeakMap<object, FastifyContextConfig>();

/** Adds to the Fastify configuration of a route; several decorators of one method may each add their part. */
export const routeConfig =
  (part: FastifyContextConfig): MethodDecorator =>
  (target, key, descriptor) => {
    const method: unknown = descriptor.value;
    if (typeof method !== 'function') throw new TypeError('Routes are methods');
    const config = { ...gathered.get(method), ...part };
    gathered.set(method, config);
    RouteConfig(config)(target, key, descriptor);
  };
