import { describe, expect, it } from '@jest/globals';
import { UuidIds } from '#src/kernel/index.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import type { Sql } from '#src/storage/index.js';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { FaultyHot } from '../../../test/support/faulty-hot.ts';
import { QuietLog } from '../../../test/support/quiet-log.ts';
import { NoSql } from '../../../test/support/stream-world.ts';
import { Instances } from '../instances.service.js';
import { plansOf, type QuotaMode } from '../plan.policy.js';
import { Plans } from '../plans.js';
import { QuotaCounts } from '../quota-counts.js';
import { PastUsage } from './past-usage.service.js';
import { Settlements } from './settlements.service.js';
import { TokenAccounts } from './token-accounts.service.js';
import { TokenLedger } from './token-ledger.service.js';
import { accountsOf } from './token-standing.policy.js';
import { type CallUsage, type TokenOwner, UsageRecords } from './usage-records.service.js';

const LEASE_MS = 30_000;
const LIMIT = 1_000;
const LIMITS = { RATE_LIMIT_RPM: 1, SSE_RATE_LIMIT_RPM: 1, TOKEN_LIMIT_PER_DAY: LIMIT };
const owner = { id: 'key_1', tenantId: 'acme' };
const accounts = accountsOf(owner, { principal: LIMIT, tenant: 10 * LIMIT });
const store = (clock: FakeClock) => new MemoryHot(clock, new QuietLog(), { valueBytes: 1_000_000, logBytes: 1_000 });
const out = (outputTokens: number) => ({ inputTokens: 0, outputTokens });

/** The durable record in a list; what it was given before it could be written is written later. */
class ListedRecords extends UsageRecords {
  readonly listed: CallUsage[] = [];

  constructor(private readonly time: FakeClock) {
    super(new NoSql() as Sql, time, new QuietLog());
  }

  override async add(_owner: TokenOwner, usage: CallUsage): Promise<number> {
    this.listed.push(usage);
    return this.time.now();
  }

  override async spent(): Promise<number> {
    return this.listed.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  }
}

function world(mode: QuotaMode = 'enforce') {
  const clock = new FakeClock();
  const log = new QuietLog();
  const shared = store(clock);
  const hot = new FaultyHot(shared);
  const records = new ListedRecords(clock);
  const past = new PastUsage(records, log);
  const tokenAccounts = new TokenAccounts(hot, store(clock), new Instances(hot, clock, log), past, log);
  const settlements = new Settlements(tokenAccounts, records, clock, log);
  const counts = new QuotaCounts();
  const config = { QUOTA_MODE: mode, TOKEN_LEASE_MS: LEASE_MS };
  const plans = new Plans(plansOf({ plans: {}, tenants: {} }, LIMITS));
  const parts = { accounts: tokenAccounts, settlements, counts, clock, plans, config, ids: new UuidIds(clock) };
  const ledger = new TokenLedger(parts);
  const open = (inputTokens = 0) => ledger.open(owner, inputTokens);
  const balance = async (of = shared) => {
    const { tally } = await of.spend([], 0, [accounts[0]?.key ?? { tenant: '', area: 'ledger', id: '' }]);
    const { settled = 0, reserved = 0 } = tally?.accounts[0] ?? {};
    return [settled, reserved];
  };
  return { clock, hot, records, counts, open, balance, shared };
}

describe('a token meter', () => {
  it('asks the store once for many pieces, and holds little ahead of them', async () => {
    const { open, balance } = world();
    const meter = await open();
    await meter.begin(10);
    expect(await balance()).toEqual([0, 266]);
    for (let tokens = 1; tokens <= 256; tokens++)
      expect(meter.grow({ inputTokens: 10, outputTokens: tokens })).toBe(undefined);
    await meter.grow({ inputTokens: 10, outputTokens: 257 });
    expect(await balance()).toEqual([266, 257]);
    await meter.end({ inputTokens: 9, outputTokens: 250 }, 'm');
    expect(await balance()).toEqual([259, 0]);
  });

  it('uses up what is left to the last token, and charges nobody for the piece that does not fit', async () => {
    const { open, balance, counts } = world();
    const meter = await open();
    for (let tokens = 30; tokens <= 990; tokens += 30) await meter.grow(out(tokens));
    await expect(meter.grow(out(1_020))).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await meter.stop('failed');
    expect(await balance()).toEqual([990, 0]);
    expect(counts.tokens).toMatchObject({ settled: 1, refused: 1, output: 990 });
  });

  it('lets no call begin whose question does not fit, and keeps nothing for it', async () => {
    const { open, balance } = world();
    await expect(open(LIMIT)).rejects.toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      extensions: { details: { limit_of: 'principal', limit: LIMIT } },
    });
    const meter = await open(LIMIT - 1);
    expect(await balance()).toEqual([0, LIMIT]);
    await meter.stop('failed');
    expect(await balance()).toEqual([0, 0]);
  });

  it('says to come back soon while calls under way hold what is left, and tomorrow when it is spent', async () => {
    const { open, clock } = world();
    const meter = await open(900);
    await expect(open(200)).rejects.toMatchObject({ retryAfterMs: 5_000 });
    await meter.end(out(950), 'm');
    const tomorrow = Date.parse('2026-01-03T00:00:00Z') - clock.now();
    await expect(open(200)).rejects.toMatchObject({ retryAfterMs: tomorrow });
  });

  it('keeps its hold through a long silence, and no longer than its lease when nobody renews it', async () => {
    const { open, clock, balance, hot } = world();
    await open();
    await clock.advance(10 * LEASE_MS);
    expect(await balance()).toEqual([0, 256]);
    hot.down = true;
    await clock.advance(LEASE_MS + 1_000);
    expect(await balance()).toEqual([0, 0]);
  });

  it.each([
    ['cancelled', 40],
    ['failed', 0],
  ] as const)('of a call that %s before a word settles %d tokens', async (how, tokens) => {
    const { open, balance, records } = world();
    const meter = await open();
    await meter.begin(40);
    await meter.stop(how);
    await meter.stop('cancelled');
    expect(await balance()).toEqual([tokens, 0]);
    expect(records.listed.map(({ model, inputTokens }) => [model, inputTokens])).toEqual(
      tokens === 0 ? [] : [['', 40]],
    );
  });

  it('adds up what several providers cost for one call', async () => {
    const { open, balance } = world();
    const meter = await open();
    await meter.grow(out(30));
    meter.again();
    await meter.grow(out(5));
    await meter.end(out(7), 'm');
    expect(await balance()).toEqual([37, 0]);
  });

  it('does not believe a provider that counts what nobody can', async () => {
    const { open, balance } = world();
    const meter = await open();
    await meter.end({ inputTokens: Number.NaN, outputTokens: -5 }, 'm');
    expect(await balance()).toEqual([0, 0]);
    const other = await open();
    await other.end(out(Number.POSITIVE_INFINITY), 'm');
    expect(await balance()).toEqual([1_000_000_000, 0]);
  });

  it('in shadow mode refuses nothing and charges everything', async () => {
    const { open, balance, counts } = world('shadow');
    const meter = await open(5 * LIMIT);
    await meter.grow(out(3 * LIMIT));
    await meter.end(out(4 * LIMIT), 'm');
    expect(await balance()).toEqual([4 * LIMIT, 0]);
    expect(counts.tokens).toMatchObject({ refused: 0, shadowed: 1 });
  });

  it('charges later what it could not charge at once', async () => {
    const { open, clock, hot, balance } = world();
    const meter = await open();
    await meter.grow(out(20));
    hot.down = true;
    await meter.end(out(25), 'm');
    await clock.advance(5 * LEASE_MS);
    hot.down = false;
    expect((await balance())[0]).toBe(0);
    await clock.advance(LEASE_MS);
    expect(await balance()).toEqual([25, 0]);
    await clock.advance(600_000);
    expect(await balance()).toEqual([25, 0]);
  });

  it('does not charge twice what a store that was lost has learnt from the record', async () => {
    const { open, clock, hot, shared, balance } = world();
    hot.down = true;
    const meter = await open();
    await meter.end(out(25), 'm');
    await clock.advance(1);
    const key = accounts[0]?.key ?? { tenant: '', area: 'ledger' as const, id: '' };
    const { endsAt } = await shared.seed([], 0);
    await shared.seed([{ key, settled: 25 }], endsAt);
    hot.down = false;
    await clock.advance(60_000);
    expect(await balance()).toEqual([25, 0]);
  });

  it('works in its share of the limit while the store is away', async () => {
    const { open, hot, counts } = world();
    hot.down = true;
    const meter = await open(900);
    await expect(open(200)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await meter.stop('failed');
    expect(counts.alone).toBeGreaterThan(0);
  });
});
