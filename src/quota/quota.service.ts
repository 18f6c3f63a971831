import { isUnavailable, type Log } from '#src/kernel/index.js';
import type { Hot, LocalHot, Spending } from '#src/storage/index.js';
import { type Allowance, allowanceOf, REQUEST_PARTS, type Standing, shareOf, standingOf } from './allowance.policy.js';
import type { Instances } from './instances.service.js';
import type { QuotaClass } from './plan.policy.js';
import type { Plans } from './plans.js';

/** Whom the buckets belong to. */
export interface QuotaOwner {
  readonly id: string;
  readonly tenantId: string;
}

export interface Verdict {
  readonly granted: boolean;
  readonly allowance: Allowance;
  readonly standing: Standing;
  readonly backend: Hot['kind'];
  /** Decided by this process for its share, because the store of all processes is away. */
  readonly alone: boolean;
}

interface QuotaParts {
  readonly hot: Hot;
  readonly local: LocalHot;
  readonly plans: Plans;
  readonly instances: Instances;
  readonly log: Log;
}

/** Who may do how much more. Answers without a promise when the store does. */
export class Quota {
  /** By the object that stands for a verified credential: it lives as long as that is remembered. */
  private readonly allowances = new WeakMap<QuotaOwner, Record<QuotaClass, Allowance>>();

  constructor(private readonly parts: QuotaParts) {}

  /** Takes one request from the principal's and the tenant's bucket of a class, or from neither. */
  spend(owner: QuotaOwner, quotaClass: QuotaClass): Verdict | Promise<Verdict> {
    return this.draw(this.allowance(owner, quotaClass), 1);
  }

  /** How a principal stands; takes nothing. */
  look(owner: QuotaOwner, quotaClass: QuotaClass): Verdict | Promise<Verdict> {
    return this.draw(this.allowance(owner, quotaClass), 0);
  }

  private draw(allowance: Allowance, requests: 0 | 1): Verdict | Promise<Verdict> {
    const { hot } = this.parts;
    const told = (spending: Spending): Verdict => ({
      granted: spending.granted,
      allowance,
      standing: standingOf(allowance, spending, REQUEST_PARTS),
      backend: hot.kind,
      alone: false,
    });
    const spending = hot.spend(allowance.draws, requests * REQUEST_PARTS);
    if (!(spending instanceof Promise)) return told(spending);
    return spending.then(told, (cause: unknown) => this.drawAlone(allowance, requests, cause));
  }

  /** Whatever is wrong with the shared store, a caller is neither refused for it nor let through without a limit. */
  private drawAlone(allowance: Allowance, requests: 0 | 1, cause: unknown): Verdict {
    const { local, instances, log } = this.parts;
    if (!isUnavailable(cause)) log.error({ cause }, 'quota.store_failed');
    const cost = REQUEST_PARTS * instances.count;
    const share = shareOf(allowance, cost);
    const spending = local.spend(share.draws, requests * cost);
    const standing = standingOf(share, spending, cost);
    return { granted: spending.granted, allowance, standing, backend: local.kind, alone: true };
  }

  private allowance(owner: QuotaOwner, quotaClass: QuotaClass): Allowance {
    const known = this.allowances.get(owner);
    if (known !== undefined) return known[quotaClass];
    const plan = this.parts.plans.of(owner.tenantId);
    const made = { standard: allowanceOf(owner, plan, 'standard'), stream: allowanceOf(owner, plan, 'stream') };
    this.allowances.set(owner, made);
    return made[quotaClass];
  }
}
