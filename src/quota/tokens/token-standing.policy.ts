import { AppError } from '#src/kernel/index.js';
import type { LedgerAccount, Tally } from '#src/storage/index.js';

/** Whose limit it is. */
export type LimitOwner = 'principal' | 'tenant';

/** Model tokens a UTC day. */
export type TokenPlan = Readonly<Record<LimitOwner, number>>;

/** How a principal stands: by whichever of its accounts has less left. Whole tokens. */
export interface TokenStanding {
  readonly owner: LimitOwner;
  readonly limit: number;
  /** `limit` less what is settled and reserved; 0 when that is more. */
  readonly remaining: number;
  readonly reserved: number;
  /** Until the day ends. */
  readonly resetMs: number;
  /** Unix ms. */
  readonly resetsAt: number;
}

const OWNERS: readonly LimitOwner[] = ['principal', 'tenant'];
/** Calls under way hold what is missing: one of them may end at any moment. */
const BUSY_RETRY_MS = 5_000;

/**
 * The accounts of a principal, then of its tenant. The principal of an API key or of a signing key is the key, so that this
 * is an account for each key too; the principal of a token is its user.
 */
export function accountsOf(
  { id, tenantId }: { readonly id: string; readonly tenantId: string },
  plan: TokenPlan,
): readonly LedgerAccount[] {
  return [
    { key: { tenant: tenantId, area: 'ledger', id: ['principal', id].join('/') }, limit: plan.principal },
    { key: { tenant: tenantId, area: 'ledger', id: 'tenant' }, limit: plan.tenant },
  ];
}

/** The accounts of one of several processes that cannot ask each other. */
export const accountShares = (accounts: readonly LedgerAccount[], processes: number): readonly LedgerAccount[] =>
  accounts.map(({ key, limit }) => ({ key, limit: Math.max(1, Math.floor(limit / processes)) }));

export function tokenStandingOf(accounts: readonly LedgerAccount[], tally: Tally): TokenStanding {
  let scarcest = -1;
  let remaining = Number.POSITIVE_INFINITY;
  for (const [at, { limit }] of accounts.entries()) {
    const { settled = 0, reserved = 0 } = tally.accounts[at] ?? {};
    const left = Math.max(0, limit - settled - reserved);
    if (left >= remaining) continue;
    scarcest = at;
    remaining = left;
  }
  return {
    owner: OWNERS[scarcest] ?? 'principal',
    limit: accounts[scarcest]?.limit ?? 0,
    remaining,
    reserved: tally.accounts[scarcest]?.reserved ?? 0,
    resetMs: tally.endsAt - tally.at,
    resetsAt: tally.endsAt,
  };
}

/** OpenAI's header names. */
export const tokenHeaders = ({ limit, remaining, resetMs }: TokenStanding): Record<string, string> => ({
  'x-ratelimit-limit-tokens': String(limit),
  'x-ratelimit-remaining-tokens': String(remaining),
  'x-ratelimit-reset-tokens': (resetMs / 1_000).toFixed(3),
});

/** @param needed tokens without which the call cannot go on */
export function exhausted({ owner, limit, remaining, reserved, resetMs }: TokenStanding, needed: number): AppError {
  const busy = remaining + reserved >= needed;
  const detail = busy
    ? `Calls under way hold what is left of the ${limit} model tokens this ${owner} may use in a day`
    : `This ${owner} may use ${limit} model tokens in a day`;
  return new AppError('QUOTA_EXHAUSTED', detail, {
    retryAfterMs: busy ? Math.min(BUSY_RETRY_MS, resetMs) : resetMs,
    details: { limit_of: owner, limit, remaining, reserved },
  });
}
