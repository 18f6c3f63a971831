import type { Plan } from './plan.ts';
import { Server } from './server.ts';

/** Every scope, in tenant `default`. */
export const API_KEY = 'countersign-bench-0123456789-abcdefghijklmnop';
export const AUTHORIZED = { authorization: `Bearer ${API_KEY}` } as const;

/** The limits are measured, not met. */
const MORE_THAN_ANY_RUN = '100000000';

const MAIN = new URL('../../../dist/main.js', import.meta.url);
const AS_SERVICE = new URL('../as-service.ts', import.meta.url);
const ECHO = new URL('../echo-server.ts', import.meta.url);
const STREAMS = new URL('../stream-server.ts', import.meta.url);

interface OwnOptions {
  readonly plan: Plan;
  readonly env: Readonly<Record<string, string>>;
  readonly core: 'server' | 'load';
  readonly dataDir?: string;
}

const withDefaults = (options: OwnOptions): OwnOptions => ({
  ...options,
  env: {
    LOG_LEVEL: 'info',
    ASSIST_API_KEYS: `${API_KEY}@default:user+auditor+admin`,
    RATE_LIMIT_RPM: MORE_THAN_ANY_RUN,
    SSE_RATE_LIMIT_RPM: MORE_THAN_ANY_RUN,
    FLOOD_LIMIT_RPM: MORE_THAN_ANY_RUN,
    ...options.env,
  },
});

/** The service as it is built, with embedded stores unless `env` names others. */
export const startCountersign = (options: OwnOptions): Promise<Server> =>
  Server.spawn({ ...withDefaults(options), script: MAIN });

/** The same service, which also makes streams on command. */
export const startStreamServer = (options: OwnOptions): Promise<Server> =>
  Server.spawn({ ...withDefaults(options), script: AS_SERVICE, argument: STREAMS.href });

/** The same service with `POST /bench/echo`. */
export const startEchoServer = (options: OwnOptions): Promise<Server> =>
  Server.spawn({ ...withDefaults(options), script: AS_SERVICE, argument: ECHO.href });
