import type { PlanLimit, PlansFile } from './plan.schema.js';
import type { DayPlan, SpendPlan } from './tokens/token-standing.policy.js';

/** What a route spends from: opening a stream costs more than an answer, so it is counted apart. */
export type QuotaClass = 'standard' | 'stream';

/** `shadow`: says what it would refuse, and refuses nothing. */
export type QuotaMode = 'enforce' | 'shadow';

/** A rate, and how much of it may be used at once. */
export interface Rate {
  readonly rpm: number;
  readonly burst: number;
}

/** Two buckets a class: of the principal, and of everybody of its tenant. */
export interface ClassPlan {
  readonly principal: Rate;
  readonly tenant: Rate;
}

export interface Plan extends Readonly<Record<QuotaClass, ClassPlan>>, SpendPlan {}

/** The environment's limits. */
export interface DefaultLimits {
  readonly RATE_LIMIT_RPM: number;
  readonly SSE_RATE_LIMIT_RPM: number;
  readonly RATE_LIMIT_BURST?: number | undefined;
  readonly TOKEN_LIMIT_PER_DAY: number;
  /** Nanodollars. */
  readonly COST_LIMIT_PER_DAY?: number | undefined;
}

/** Principals that may use all of their own limit before their tenant's is used up. */
const PRINCIPALS_PER_TENANT = 10;
/** So that the parts of a bucket stay whole numbers, whatever was configured. */
const LARGEST_BURST = 1_000_000_000;
/** Nanodollars: a million dollars, so that sums of them stay whole numbers. */
const LARGEST_COST = 1e15;

/** The plan of each tenant that has one of its own, and of all others under `undefined`. */
export function plansOf(file: PlansFile, limits: DefaultLimits): ReadonlyMap<string | undefined, Plan> {
  const standard = { rpm: limits.RATE_LIMIT_RPM, burst: limits.RATE_LIMIT_BURST };
  const stream = { rpm: limits.SSE_RATE_LIMIT_RPM, burst: undefined };
  const planOf = (entry: PlansFile['plans'][string]): Plan => ({
    standard: classPlan(entry.standard ?? {}, standard),
    stream: classPlan(entry.stream ?? {}, stream),
    tokens: tokenPlan(entry.tokens ?? {}, limits.TOKEN_LIMIT_PER_DAY),
    ...costPlan(entry.cost ?? {}, limits.COST_LIMIT_PER_DAY),
  });
  const own = Object.entries(file.tenants).map(([tenant, name]) => [tenant, planOf(file.plans[name] ?? {})] as const);
  return new Map<string | undefined, Plan>([[undefined, planOf({})], ...own]);
}

function tokenPlan(own: NonNullable<PlansFile['plans'][string]['tokens']>, usual: number): DayPlan {
  const principal = own.per_day ?? usual;
  return { principal, tenant: own.tenant_per_day ?? principal * PRINCIPALS_PER_TENANT };
}

/** A limit of the tenant alone is one of each principal too. */
function costPlan(
  own: NonNullable<PlansFile['plans'][string]['cost']>,
  usual: number | undefined,
): Pick<SpendPlan, 'cost'> {
  const principal = own.per_day ?? usual ?? own.tenant_per_day;
  if (principal === undefined) return {};
  const tenant = own.tenant_per_day ?? Math.min(LARGEST_COST, principal * PRINCIPALS_PER_TENANT);
  return { cost: { principal, tenant } };
}

function classPlan(own: PlanLimit, usual: { readonly rpm: number; readonly burst: number | undefined }): ClassPlan {
  const rpm = own.rpm ?? usual.rpm;
  const burst = own.burst ?? usual.burst ?? rpm;
  const tenantRpm = own.tenant_rpm ?? rpm * PRINCIPALS_PER_TENANT;
  const tenantBurst = Math.min(LARGEST_BURST, Math.round((burst * tenantRpm) / rpm));
  return { principal: { rpm, burst }, tenant: { rpm: tenantRpm, burst: Math.max(burst, tenantBurst) } };
}
