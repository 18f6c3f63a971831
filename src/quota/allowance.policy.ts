import {
  type BucketDraw,
  type BucketTerms,
  fullAfterMs,
  type HotKey,
  type LedgerAccount,
  type Spending,
} from '#src/storage/index.js';
import type { ClassPlan, Plan, QuotaClass, Rate } from './plan.policy.js';
import { accountShares, accountsOf, type LimitOwner } from './tokens/token-standing.policy.js';

/** Parts of one request. A minute has as many milliseconds, so that a limit a minute is a whole number of parts in each. */
export const REQUEST_PARTS = 60_000;

/** What one principal may do in one class. */
export interface Allowance {
  readonly plan: ClassPlan;
  /** Of the principal, then of its tenant. */
  readonly draws: readonly BucketDraw[];
  /** Of model tokens, likewise, then of money where that has a limit. */
  readonly accounts: readonly LedgerAccount[];
  /** Those of the accounts, so that they are not listed anew for every request. */
  readonly accountKeys: readonly HotKey[];
}

/** How a principal stands: by whichever of its buckets has less left. */
export interface Standing {
  readonly owner: LimitOwner;
  /** Requests that fit into the bucket when it is full. */
  readonly limit: number;
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetMs: number;
  /** Until every bucket has room for a request; 0 when they have. */
  readonly waitMs: number;
}

const OWNERS: readonly LimitOwner[] = ['principal', 'tenant'];

/** The buckets of a principal; all of one tenant, so that they are drawn from together. */
export function allowanceOf(
  owner: { readonly id: string; readonly tenantId: string },
  plan: Plan,
  quotaClass: QuotaClass,
): Allowance {
  const { principal, tenant } = plan[quotaClass];
  const draw = (name: string, rate: Rate): BucketDraw => ({
    key: { tenant: owner.tenantId, area: 'bucket', id: name },
    terms: termsOf(rate),
  });
  // Joined, not pasted: a store that keeps a pasted text keeps its parts too, a fifth of what a bucket takes.
  const draws = [draw([quotaClass, owner.id].join('/'), principal), draw(quotaClass, tenant)];
  const accounts = accountsOf(owner, plan);
  return { plan: plan[quotaClass], draws, accounts, accountKeys: accounts.map(({ key }) => key) };
}

export const termsOf = ({ rpm, burst }: Rate): BucketTerms => ({ capacity: burst * REQUEST_PARTS, refill: rpm });

/** What is left to one of several processes that cannot ask each other: a request costs as much more. */
export function shareOf({ plan, draws, accounts, accountKeys }: Allowance, processes: number): Allowance {
  const cost = REQUEST_PARTS * processes;
  const roomy = ({ capacity, refill }: BucketTerms): BucketTerms => ({ capacity: Math.max(capacity, cost), refill });
  const roomyDraws = draws.map(({ key, terms }) => ({ key, terms: roomy(terms) }));
  return { plan, draws: roomyDraws, accounts: accountShares(accounts, processes), accountKeys };
}

/** @param cost of one request, in parts */
export function standingOf({ draws }: Allowance, { missing }: Spending, cost: number): Standing {
  let standing: Standing | undefined;
  let waitMs = 0;
  for (const [at, { terms }] of draws.entries()) {
    const lacks = missing[at] ?? 0;
    const left = bucketStanding(OWNERS[at] ?? 'principal', terms, lacks, cost);
    waitMs = Math.max(waitMs, left.waitMs);
    if (standing === undefined || left.remaining < standing.remaining) standing = left;
  }
  if (standing === undefined) throw new RangeError('An allowance has buckets');
  return { ...standing, waitMs };
}

const bucketStanding = (owner: LimitOwner, terms: BucketTerms, lacks: number, cost: number): Standing => ({
  owner,
  limit: Math.floor(terms.capacity / REQUEST_PARTS),
  remaining: Math.floor((terms.capacity - lacks) / cost),
  resetMs: fullAfterMs(terms, lacks),
  waitMs: fullAfterMs(terms, Math.max(0, lacks + cost - terms.capacity)),
});
