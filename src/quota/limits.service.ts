import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, dollarText } from '#src/kernel/index.js';
import type { BucketView, LimitsView } from './limits.schema.js';
import { Quota, type QuotaOwner, type Verdict } from './quota.service.js';
import type { TokenStanding } from './tokens/token-standing.policy.js';

/** What a principal may do, and how much of it is left. */
@Injectable()
export class LimitsService {
  constructor(
    private readonly quota: Quota,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async of(owner: QuotaOwner): Promise<LimitsView> {
    const [standard, stream] = await Promise.all([
      this.quota.look(owner, 'standard'),
      this.quota.look(owner, 'stream'),
    ]);
    return {
      schema: 'limits.v1',
      key_id: owner.id,
      tenant_id: owner.tenantId,
      rate_limit_rpm: standard.allowance.plan.principal.rpm,
      sse_rate_limit_rpm: stream.allowance.plan.principal.rpm,
      quota_backend: standard.backend,
      standard_quota: viewOf(standard),
      sse_quota: viewOf(stream),
      token_quota: tokensOf(standard.tokens),
      ...(standard.cost === undefined ? {} : { cost_quota: costOf(standard.cost) }),
      graph_max_nodes: this.config.GRAPH_MAX_NODES,
      graph_max_edges: this.config.GRAPH_MAX_EDGES,
    };
  }
}

const viewOf = ({ standing, allowance }: Verdict): BucketView => ({
  capacity: standing.limit,
  remaining: standing.remaining,
  refill_per_second: allowance.plan[standing.owner].rpm / 60,
  retry_after_seconds: Math.ceil(standing.waitMs / 1_000),
});

const tokensOf = ({ limit, remaining, reserved, resetsAt }: TokenStanding): LimitsView['token_quota'] => ({
  limit,
  remaining,
  reserved,
  resets_at: new Date(resetsAt).toISOString(),
});

const costOf = ({ limit, remaining, reserved, resetsAt }: TokenStanding): LimitsView['cost_quota'] => ({
  currency: 'USD',
  limit: dollarText(limit),
  remaining: dollarText(remaining),
  reserved: dollarText(reserved),
  resets_at: new Date(resetsAt).toISOString(),
});
