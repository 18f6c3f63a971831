import { z } from 'zod';
import { dollars } from '#src/kernel/index.js';

const perMinute = z.int().min(1).max(100_000_000);

const Limit = z.strictObject({
  /** Of one principal. */
  rpm: perMinute.optional(),
  /** How many at once; a minute's worth when left out. */
  burst: perMinute.optional(),
  /** Of all principals of a tenant together. */
  tenant_rpm: perMinute.optional(),
});

const perDay = z.int().min(1).max(1_000_000_000_000);

const TokenLimit = z.strictObject({
  /** Model tokens of one principal in a UTC day. */
  per_day: perDay.optional(),
  /** Of all principals of a tenant together. */
  tenant_per_day: perDay.optional(),
});

const NANODOLLARS = 9;

const CostLimit = z.strictObject({
  /** USD that one principal may spend on models in a UTC day. */
  per_day: dollars(NANODOLLARS).optional(),
  /** All principals of a tenant together. */
  tenant_per_day: dollars(NANODOLLARS).optional(),
});

const PlanEntry = z.strictObject({
  standard: Limit.optional(),
  stream: Limit.optional(),
  tokens: TokenLimit.optional(),
  cost: CostLimit.optional(),
});

/** The content of `config/plans.yaml`: plans by name, and which tenant has which. */
export const PlansFile = z
  .strictObject({ plans: z.record(z.string(), PlanEntry), tenants: z.record(z.string().min(1), z.string()) })
  .superRefine(({ plans, tenants }, context) => {
    for (const [tenant, plan] of Object.entries(tenants)) {
      if (!Object.hasOwn(plans, plan))
        context.addIssue({ code: 'custom', path: ['tenants', tenant], message: 'no such plan' });
    }
  });
export type PlansFile = z.infer<typeof PlansFile>;
export type PlanLimit = z.infer<typeof Limit>;
