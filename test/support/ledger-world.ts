import { type Price, UuidIds } from '#src/kernel/index.js';
import { Instances } from '#src/quota/instances.service.js';
import { plansOf, type QuotaMode } from '#src/quota/plan.policy.js';
import { Plans } from '#src/quota/plans.js';
import { QuotaCounts } from '#src/quota/quota-counts.js';
import { PastUsage } from '#src/quota/tokens/past-usage.service.js';
import { Settlements } from '#src/quota/tokens/settlements.service.js';
import { TokenAccounts } from '#src/quota/tokens/token-accounts.service.js';
import { TokenLedger } from '#src/quota/tokens/token-ledger.service.js';
import type { WholeAnswer } from '#src/quota/tokens/token-meter.js';
import { accountsOf } from '#src/quota/tokens/token-standing.policy.js';
import type { CallUsage } from '#src/quota/tokens/usage-batch.js';
import { type TokenOwner, UsageRecords } from '#src/quota/tokens/usage-records.service.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import { FakeClock } from './fake-clock.ts';
import { FaultyHot } from './faulty-hot.ts';
import { QuietLog } from './quiet-log.ts';
import { NoSql } from './stream-world.ts';

export const LEASE_MS = 30_000;
export const LIMIT = 1_000;
const LIMITS = { RATE_LIMIT_RPM: 1, SSE_RATE_LIMIT_RPM: 1, TOKEN_LIMIT_PER_DAY: LIMIT };
const owner = { id: 'key_1', tenantId: 'acme' };
const principal = principalAccount();
/** Hot state of one process. */
export const hotStore = (clock: FakeClock): MemoryHot =>
  new MemoryHot(clock, new QuietLog(), { valueBytes: 1_000_000, logBytes: 1_000 });

function principalAccount() {
  const [account] = accountsOf(owner, { tokens: { principal: LIMIT, tenant: 10 * LIMIT } });
  if (account === undefined) throw new Error('A principal has an account');
  return account;
}

/** The durable record in a list; what it was given before it could be written is written later. */
class ListedRecords extends UsageRecords {
  readonly listed: CallUsage[] = [];

  constructor(private readonly time: FakeClock) {
    super(new NoSql(), time, new QuietLog());
  }

  override async add(_owner: TokenOwner, usage: CallUsage): Promise<number> {
    this.listed.push(usage);
    return this.time.now();
  }

  override async spent() {
    const tokens = this.listed.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
    return { tokens, cost: this.listed.reduce((sum, { cost }) => sum + cost, 0) };
  }
}

/** A ledger whose store can be away, for one principal of one tenant. */
export function ledgerWorld(mode: QuotaMode = 'enforce', costLimit?: number) {
  const clock = new FakeClock();
  const log = new QuietLog();
  const shared = hotStore(clock);
  const hot = new FaultyHot(shared);
  const records = new ListedRecords(clock);
  const past = new PastUsage(records, clock, log);
  const tokenAccounts = new TokenAccounts(hot, hotStore(clock), new Instances(hot, new NoSql(), clock, log), past, log);
  const settlements = new Settlements(tokenAccounts, records, clock, log);
  const counts = new QuotaCounts();
  const config = { QUOTA_MODE: mode, TOKEN_LEASE_MS: LEASE_MS };
  const plans = new Plans(plansOf({ plans: {}, tenants: {} }, { ...LIMITS, COST_LIMIT_PER_DAY: costLimit }));
  const parts = { accounts: tokenAccounts, settlements, counts, clock, plans, config, ids: new UuidIds(clock) };
  const ledger = new TokenLedger(parts);
  const open = (inputTokens = 0, price?: Price, whole?: WholeAnswer) => ledger.open(owner, inputTokens, price, whole);
  /** What is settled and reserved in the principal's account. */
  const balance = async (id = principal.key.id) => {
    const { tally } = await shared.spend([], 0, [{ ...principal.key, id }]);
    const { settled = 0, reserved = 0 } = tally?.accounts[0] ?? {};
    return [settled, reserved];
  };
  /** What the principal's account is told that it spent. */
  const seed = async (settled: number) => {
    const { endsAt } = await shared.seed([], 0);
    await shared.seed([{ key: principal.key, settled }], endsAt);
  };
  const costBalance = () => balance(`cost/${principal.key.id}`);
  return { clock, hot, records, counts, open, balance, costBalance, seed };
}
