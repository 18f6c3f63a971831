/** Tokens and money are counted by the UTC day, of the store's clock; ms. */
export const WINDOW_MS = 86_400_000;
/** How long what a call was charged is remembered after its last word, so that a repeat or a late end charges only the difference. */
export const CALL_MEMORY_MS = 600_000;
/** Longest lease; an account outlives its window by as much. */
export const LONGEST_LEASE_MS = 600_000;
/** Leases end together, so that those of a process that died are looked for ten times a second and not once for each. */
export const LEASE_GRAIN_MS = 100;

/** What an account remembers of its window. Whole tokens, or whole units of money. */
export interface Account {
  /** Number of the UTC day. */
  readonly day: number;
  /** Charged in this window. */
  readonly settled: number;
  /** Held by calls under way, whichever window they began in. */
  readonly reserved: number;
  /** Unix ms since which nothing was missed; 0 for an account that is new and was not told what it spent before. */
  readonly since: number;
}

/** How an account stands; `limit - settled - reserved` is left. */
export type AccountStanding = Pick<Account, 'settled' | 'reserved' | 'since'>;

/** Accounts as they stand at one instant. */
export interface Tally {
  /** Unix ms by the store's clock. */
  readonly at: number;
  /** Unix ms: when the window ends and `settled` begins at 0 again. */
  readonly endsAt: number;
  readonly accounts: readonly AccountStanding[];
}

/** So many tokens, or so much money. */
interface Amounts {
  readonly charged: number;
  readonly held: number;
}

/**
 * What a call has cost so far, and what it may cost beyond that. Both replace what was said before. While a call is under
 * way `charged` only grows; one that holds no tokens is over, and has cost exactly what it says.
 */
export interface CallHold extends Amounts {
  /** The same in money, for the accounts that count it; nothing when left out. */
  readonly cost?: Amounts;
}

/** What is remembered of a call: tokens, and money. */
export interface CallCharge {
  readonly charged: number;
  readonly cost: number;
  readonly over: boolean;
}

/** One account of a call: how it stands, what the call holds in it, and what it says of itself there. */
interface Held {
  readonly account: AccountStanding;
  readonly limit: number;
  readonly mine: number;
  /** What the call cost since it was last heard of; recorded in any case, because it is spent. */
  readonly charged: number;
  readonly wanted: number;
}

export const dayAt = (now: number): number => Math.floor(now / WINDOW_MS);

export const endOfDay = (day: number): number => (day + 1) * WINDOW_MS;

export const leaseEnd = (now: number, leaseMs: number): number =>
  Math.ceil((now + leaseMs) / LEASE_GRAIN_MS) * LEASE_GRAIN_MS;

export const newAccount = (now: number): Account => ({ day: dayAt(now), settled: 0, reserved: 0, since: 0 });

/** An account in the window of `now`. A clock that steps back stays in the newer window. */
export function inWindow(account: Account, now: number): Account {
  const day = dayAt(now);
  if (account.day >= day) return account;
  // It was there when the window began, so that it misses nothing of it.
  return { day, settled: 0, reserved: account.reserved, since: day * WINDOW_MS };
}

/**
 * What a call cost since it was last heard of, less than nothing when it cost less than was thought. `undefined` for what a
 * call says that is over: it was said before, and arrived late.
 */
export function costSince(
  known: CallCharge | undefined,
  { charged, held, cost = { charged: 0, held: 0 } }: CallHold,
): { readonly charged: number; readonly cost: number } | undefined {
  const before = known ?? { charged: 0, cost: 0 };
  if (held === 0) return { charged: charged - before.charged, cost: cost.charged - before.cost };
  if (known?.over === true) return undefined;
  return { charged: Math.max(0, charged - before.charged), cost: Math.max(0, cost.charged - before.cost) };
}

/**
 * Whether a call may hold so much: where there is room in every account, or where it takes up no more room than before.
 * The twin of the decision in `HOLDING` in the Redis adapter.
 *
 * @returns what the call holds in each account now
 */
export function decideHold(accounts: readonly Held[]): { readonly granted: boolean; readonly held: readonly number[] } {
  const granted = accounts.every(
    ({ account: { settled, reserved }, limit, mine, charged, wanted }) =>
      wanted === 0 || charged + wanted <= mine || settled + charged + reserved - mine + wanted <= limit,
  );
  const held = accounts.map(({ mine, charged, wanted }) =>
    granted ? wanted : Math.min(wanted, Math.max(0, mine - charged)),
  );
  return { granted, held };
}
