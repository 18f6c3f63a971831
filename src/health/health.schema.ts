import { z } from 'zod';

export const Liveness = z
  .object({ status: z.literal('ok'), version: z.string(), uptime_seconds: z.number().min(0) })
  .meta({ id: 'Liveness' });
export type Liveness = z.infer<typeof Liveness>;

const Indicator = z.looseObject({ status: z.enum(['up', 'down']) });

export const ReadinessReport = z
  .object({
    status: z.enum(['ok', 'error', 'shutting_down']),
    info: z.record(z.string(), Indicator).optional(),
    error: z.record(z.string(), Indicator).optional(),
    details: z.record(z.string(), Indicator),
  })
  .meta({ id: 'ReadinessReport', description: 'The format of @nestjs/terminus' });

/** What everybody may know. */
const Summary = z.object({
  status: z.enum(['ok', 'degraded', 'draining']),
  version: z.string(),
  uptime_seconds: z.number(),
  degraded: z.array(z.string()).describe('Dependencies that a fallback stands in for'),
});
export type StatusSummary = z.infer<typeof Summary>;

const Detail = z
  .object({
    requests: z.object({ answered: z.int(), failed: z.int() }),
    sql: z.object({ kind: z.enum(['pglite', 'postgres']), available: z.boolean(), latency_ms: z.number().nullable() }),
    redis: z.object({
      mode: z.enum(['memory', 'redis']),
      available: z.boolean(),
      latency_ms: z.number().nullable(),
      evicts: z
        .boolean()
        .describe('It makes room by forgetting (`maxmemory-policy`), so signed requests cannot rely on it'),
    }),
    jwks: z
      .array(z.object({ issuer: z.string(), available: z.boolean(), keys: z.int(), age_seconds: z.int().nullable() }))
      .describe('Key sets of the token issuers; `available`: the last fetch succeeded'),
    models: z.array(z.object({ name: z.string(), state: z.string(), calls: z.int(), failures: z.int() })),
    prompt_cache: z
      .object({
        calls: z.enum(['off', 'deterministic', 'all']),
        entries: z.int(),
        bytes: z.int(),
        hit: z.int(),
        shared_hit: z.int(),
        joined: z.int(),
        miss: z.int(),
        bypassed: z.int(),
        evictions: z.int(),
        store_failures: z.int(),
      })
      .describe('Answers kept in this process, and what became of calls that one may answer, since its start'),
    fail_modes: z.record(z.string(), z.string()).describe('What each feature does when its dependency is away'),
  })
  .partial();

export const ServiceStatus = Summary.extend(Detail.shape).meta({
  id: 'ServiceStatus',
  description: 'All of it for callers with the scope `status:read`; the first four fields for others',
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;
