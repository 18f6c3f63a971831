import { AppError, dollarText } from '#src/kernel/index.js';
import type { LedgerAccount, Tally } from '#src/storage/index.js';
import type { Spend } from './token-usage.policy.js';

/** Whose limit it is. */
export type LimitOwner = 'principal' | 'tenant';

/** How much a UTC day. */
export type DayPlan = Readonly<Record<LimitOwner, number>>;

/** What may be spent on models. */
export interface SpendPlan {
  readonly tokens: DayPlan;
  /** Nanodollars; no limit when left out. */
  readonly cost?: DayPlan;
}

/** How a principal stands: by whichever of its accounts has less left. Whole tokens, or whole nanodollars. */
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

/** How a principal stands in everything that is counted. */
export interface SpendStanding {
  readonly tokens: TokenStanding;
  /** `undefined` where money has no limit. */
  readonly cost: TokenStanding | undefined;
}

const OWNERS = ['principal', 'tenant'] as const;
/** Calls under way hold what is missing: one of them may end at any moment. */
const BUSY_RETRY_MS = 5_000;

/**
 * The accounts of a principal, then of its tenant: of tokens, then of money where that has a limit. The principal of an
 * API key or of a signing key is the key, so that this is an account for each key too; the principal of a token is its user.
 */
export function accountsOf(
  { id, tenantId }: { readonly id: string; readonly tenantId: string },
  { tokens, cost }: SpendPlan,
): readonly LedgerAccount[] {
  const accounts = (limits: DayPlan, prefix = ''): readonly LedgerAccount[] => [
    { key: { tenant: tenantId, area: 'ledger', id: `${prefix}principal/${id}` }, limit: limits.principal },
    { key: { tenant: tenantId, area: 'ledger', id: `${prefix}tenant` }, limit: limits.tenant },
  ];
  if (cost === undefined) return accounts(tokens);
  return [...accounts(tokens), ...accounts(cost, 'cost/').map((account) => ({ ...account, counts: 'cost' as const }))];
}

/** Whose the account at this place is. */
export const ownerAt = (at: number): LimitOwner => OWNERS[at % OWNERS.length] ?? 'principal';

/** The accounts of one of several processes that cannot ask each other. */
export const accountShares = (accounts: readonly LedgerAccount[], processes: number): readonly LedgerAccount[] =>
  accounts.map((account) => ({ ...account, limit: Math.max(1, Math.floor(account.limit / processes)) }));

export const tokenStandingOf = (accounts: readonly LedgerAccount[], tally: Tally): TokenStanding =>
  scarcest(accounts, tally, undefined);

/** `undefined` where money has no limit. */
export const costStandingOf = (accounts: readonly LedgerAccount[], tally: Tally): TokenStanding | undefined =>
  limitsCost(accounts) ? scarcest(accounts, tally, 'cost') : undefined;

export const limitsCost = (accounts: readonly LedgerAccount[]): boolean =>
  accounts.some(({ counts }) => counts === 'cost');

function scarcest(accounts: readonly LedgerAccount[], tally: Tally, counted: LedgerAccount['counts']): TokenStanding {
  let scarce = -1;
  let remaining = Number.POSITIVE_INFINITY;
  for (const [at, { limit, counts }] of accounts.entries()) {
    if (counts !== counted) continue;
    const { settled = 0, reserved = 0 } = tally.accounts[at] ?? {};
    const left = Math.max(0, limit - settled - reserved);
    if (left >= remaining) continue;
    scarce = at;
    remaining = left;
  }
  return {
    owner: ownerAt(Math.max(0, scarce)),
    limit: accounts[scarce]?.limit ?? 0,
    remaining,
    reserved: tally.accounts[scarce]?.reserved ?? 0,
    resetMs: tally.endsAt - tally.at,
    resetsAt: tally.endsAt,
  };
}

/** What is left of each; money that has no limit is never used up. */
export const leftIn = ({ tokens, cost }: SpendStanding): Spend => ({
  tokens: tokens.remaining,
  cost: cost?.remaining ?? Number.POSITIVE_INFINITY,
});

/** OpenAI's header names. */
export const tokenHeaders = ({ limit, remaining, resetMs }: TokenStanding): Record<string, string> => ({
  'x-ratelimit-limit-tokens': String(limit),
  'x-ratelimit-remaining-tokens': String(remaining),
  'x-ratelimit-reset-tokens': (resetMs / 1_000).toFixed(3),
});

/** Why a call cannot begin, or go on. */
export interface Shortage {
  /** There is not as much as this. */
  readonly needed: Spend;
  /** With as much it could be tried again. */
  readonly least: Spend;
  /** Held for the call itself: it is given back with it. */
  readonly own: Spend;
  /** Tokens that are charged for what nobody gets. */
  readonly lost: number;
}

export function exhausted({ tokens, cost }: SpendStanding, { needed, least, own, lost }: Shortage): AppError {
  const charged = lost > 0 ? { charged_tokens: lost } : {};
  if (cost === undefined || tokens.remaining < needed.tokens) {
    const { limit, remaining, reserved } = tokens;
    const busy = isBusy(tokens, least.tokens, own.tokens);
    return refusal(tokens, busy, `use ${limit} model tokens`, { limit, remaining, reserved, ...charged });
  }
  const allowed = `spend ${dollarText(cost.limit)} USD on models`;
  return refusal(cost, isBusy(cost, least.cost, own.cost), allowed, { ...moneyOf(cost), ...charged });
}

/** Other calls hold what is missing. */
const isBusy = ({ remaining, reserved }: TokenStanding, least: number, own: number): boolean =>
  reserved > own && remaining + reserved - own >= least;

const moneyOf = ({ limit, remaining, reserved }: TokenStanding): Readonly<Record<string, string>> => ({
  currency: 'USD',
  limit: dollarText(limit),
  remaining: dollarText(remaining),
  reserved: dollarText(reserved),
});

function refusal(
  { owner, resetMs }: TokenStanding,
  busy: boolean,
  allowed: string,
  numbers: Readonly<Record<string, unknown>>,
): AppError {
  const detail = `This ${owner} may ${allowed} in a day${busy ? ', and calls under way hold what is left of it' : ''}`;
  return new AppError('QUOTA_EXHAUSTED', detail, {
    retryAfterMs: busy ? Math.min(BUSY_RETRY_MS, resetMs) : resetMs,
    details: { limit_of: owner, ...numbers },
  });
}

export const unpriced = (): AppError =>
  new AppError('FORBIDDEN', 'Nobody told what this model costs, and what may be spent on models has a limit', {
    details: { reason: 'price_unknown' },
  });
