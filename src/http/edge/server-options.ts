import { readFileSync } from 'node:fs';
import type { FastifyServerOptions } from 'fastify';
import type { Config } from '#src/kernel/index.js';

/** Longest time a caller may take to send a whole request, ms. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the idle timeout of the usual load balancers (60 s), so that they close first. */
const KEEP_ALIVE_MS = 65_000;

type ServerLimits = Pick<
  FastifyServerOptions,
  | 'bodyLimit'
  | 'trustProxy'
  | 'requestTimeout'
  | 'keepAliveTimeout'
  | 'routerOptions'
  | 'forceCloseConnections'
  | 'return503OnClosing'
>;

/** Limits of the HTTP server itself. */
export const serverLimits = ({ BODY_LIMIT_BYTES, TRUSTED_PROXIES }: Config): ServerLimits => ({
  bodyLimit: BODY_LIMIT_BYTES,
  trustProxy: TRUSTED_PROXIES.length > 0 ? [...TRUSTED_PROXIES] : false,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  forceCloseConnections: 'idle',
  // The framework's own refusal has none of our headers; a draining process refuses by itself.
  return503OnClosing: false,
  routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_024 },
});

/** Certificate and key when the service speaks TLS itself. */
export const tlsOptions = ({ TLS_CERT, TLS_KEY }: Config) =>
  TLS_CERT === undefined || TLS_KEY === undefined
    ? undefined
    : ({ cert: readFileSync(TLS_CERT), key: readFileSync(TLS_KEY), minVersion: 'TLSv1.2' } as const);
