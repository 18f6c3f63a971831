import { z } from 'zod';
import { positive } from './text.schema.js';

export const process = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses weak or missing secrets'),
  ROLE: z
    .enum(['all', 'api', 'worker'])
    .default('all')
    .describe('api leaves background work to workers, worker does it; both need DATABASE_URL and REDIS_URL'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least important log line that is written'),
  SHUTDOWN_TIMEOUT: positive.default(10_000).describe('Longest time from SIGTERM to exit, ms'),
};
