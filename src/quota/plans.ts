import type { Plan } from './plan.policy.js';

/** Which plan a tenant has. */
export class Plans {
  /** @param plans by tenant; under `undefined` the one of all others */
  constructor(private readonly plans: ReadonlyMap<string | undefined, Plan>) {}

  of(tenantId: string): Plan {
    const plan = this.plans.get(tenantId) ?? this.plans.get(undefined);
    if (plan === undefined) throw new Error('There is no default plan');
    return plan;
  }
}
