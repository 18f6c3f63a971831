import type { Standing } from './allowance.policy.js';
import type { ClassPlan, QuotaClass } from './plan.policy.js';
import { type TokenStanding, tokenHeaders } from './tokens/token-standing.policy.js';

/** How the policy of a class is called in `RateLimit-Policy`. */
const NAMES = { standard: 'requests', stream: 'streams' } as const satisfies Record<QuotaClass, string>;

export type LimitHeaders = Readonly<Record<string, string>>;

/** Of requests, and of model tokens. */
export interface Standings {
  readonly standing: Standing;
  readonly tokens: TokenStanding;
}

/**
 * OpenAI's header names, and the two fields of draft-ietf-httpapi-ratelimit-headers-11: the window is the time in which
 * an empty bucket fills.
 */
export function limitHeaders(quotaClass: QuotaClass, plan: ClassPlan, standings: Standings): LimitHeaders {
  const { limit, remaining, resetMs, owner } = standings.standing;
  const window = Math.ceil((limit * 60) / plan[owner].rpm);
  return {
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': (resetMs / 1_000).toFixed(3),
    'ratelimit-policy': `"${NAMES[quotaClass]}";q=${limit};w=${window}`,
    ratelimit: `"${NAMES[quotaClass]}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
    ...tokenHeaders(standings.tokens),
  };
}
