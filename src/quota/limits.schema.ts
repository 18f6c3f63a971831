import { z } from 'zod';

const whole = z.int().min(0);

const money = z.string().regex(/^\d+(\.\d{1,9})?$/);

const BucketView = z
  .object({
    capacity: whole.describe('Requests that fit into the bucket when it is full'),
    remaining: whole,
    refill_per_second: z.number().min(0),
    retry_after_seconds: whole.describe('Wait until one more is allowed, rounded up; 0 when it is now'),
  })
  .meta({ id: 'BucketView', description: 'Of the principal’s bucket and its tenant’s the one with less left' });
export type BucketView = z.infer<typeof BucketView>;

export const LimitsView = z
  .object({
    schema: z.literal('limits.v1'),
    key_id: z.string().describe('Public id of the principal'),
    tenant_id: z.string(),
    rate_limit_rpm: whole.describe('Requests a minute of this principal'),
    sse_rate_limit_rpm: whole.describe('Streams a minute of this principal'),
    quota_backend: z.enum(['redis', 'memory']).describe('Where the buckets are right now'),
    standard_quota: BucketView,
    sse_quota: BucketView,
    token_quota: z
      .object({
        limit: whole.describe('Model tokens a UTC day'),
        remaining: whole,
        reserved: whole.describe('Held by calls under way; given back or charged when they end'),
        resets_at: z.iso.datetime(),
      })
      .describe('Of the principal’s account and its tenant’s the one with less left'),
    cost_quota: z
      .object({
        currency: z.literal('USD'),
        limit: money.describe('What may be spent on models in a UTC day'),
        remaining: money,
        reserved: money.describe('Held by calls under way; given back or charged when they end'),
        resets_at: z.iso.datetime(),
      })
      .optional()
      .describe('As token_quota, in money; left out where money has no limit'),
    graph_max_nodes: whole,
    graph_max_edges: whole,
  })
  .meta({ id: 'LimitsView' });
export type LimitsView = z.infer<typeof LimitsView>;
