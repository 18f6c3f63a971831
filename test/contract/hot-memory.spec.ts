import { AssertionError } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import type { Spending } from '#src/storage/bucket.policy.js';
import type {
  AppendOutcome,
  BucketDraw,
  DrawOrder,
  Holding,
  Hot,
  HotKey,
  LedgerAccount,
  LedgerCall,
  LogBatch,
  LogListener,
  LogSlice,
  LogTerms,
  OnceReply,
  PastCharge,
  SingleUse,
} from '#src/storage/hot.port.js';
import type { Tally } from '#src/storage/ledger.policy.js';
import { FakeClock } from '../support/fake-clock.ts';
import { QuietLog } from '../support/quiet-log.ts';
import { hotContract } from './hot.contract.ts';
import type { HotSubject } from './hot.subject.ts';

const LIMITS = { valueBytes: 10_000_000, logBytes: 10_000_000 };
const LONG_MS = 1_000_000_000;

type Kind = new (...parameters: ConstructorParameters<typeof MemoryHot>) => Hot;

const subjectOf = (kind: Kind): HotSubject => {
  const clock = new FakeClock();
  return { hot: new kind(clock, new QuietLog(), LIMITS), tick: (ms) => clock.advance(ms) };
};

describe('the store in memory', () => {
  it.each(Object.entries(hotContract))('%s', (_title, check) => check(subjectOf(MemoryHot)));
});

/** Answers a step later than it looked. */
class Racy extends MemoryHot {
  override async setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number): Promise<boolean> {
    if ((await this.get(key)) !== undefined) return false;
    await this.set(key, value, ttlMs);
    return true;
  }
}

class Hasty extends MemoryHot {
  override once({ key, ...use }: SingleUse, order?: DrawOrder): OnceReply {
    return super.once({ ...use, key: { ...key, id: `${key.id} ${this.calls++}` } }, order);
  }
  private calls = 0;
}

class Amnesiac extends MemoryHot {
  override once(use: SingleUse, order?: DrawOrder): OnceReply {
    return super.once({ ...use, madeAt: LONG_MS * LONG_MS }, order);
  }
}

/** One name for whatever anybody uses up. */
class Confused extends MemoryHot {
  override once(use: SingleUse, order?: DrawOrder): OnceReply {
    return super.once({ ...use, key: { tenant: '', area: 'nonce', id: '' } }, order);
  }
}

class Eager extends MemoryHot {
  override once(use: SingleUse, order?: DrawOrder): OnceReply {
    const draw = order && this.spend(order.draws, order.cost, order.accounts);
    return { ...super.once(use), draw };
  }
}

class Merciful extends MemoryHot {
  override once(use: SingleUse, order?: DrawOrder): OnceReply {
    const look = order && this.spend(order.draws, 0);
    const room = order?.draws.every(({ terms }, at) => (look?.missing[at] ?? 0) + order.cost <= terms.capacity) ?? true;
    return room ? super.once(use, order) : { outcome: 'first', since: 0, draw: { granted: false, missing: [] } };
  }
}

class Laconic extends MemoryHot {
  override once(use: SingleUse, order?: DrawOrder): OnceReply {
    return super.once(use, order && { ...order, accounts: [] });
  }
}

class Lenient extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    return { ...super.spend(draws, cost), granted: true };
  }
}

class Partial extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    const each = draws.map((draw) => super.spend([draw], cost));
    return { granted: each.every(({ granted }) => granted), missing: each.flatMap(({ missing }) => missing) };
  }
}

class Curious extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    return super.spend(draws, Math.max(1, cost));
  }
}

class Frozen extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    return super.spend(
      draws.map(({ key, terms }) => ({ key, terms: { ...terms, refill: 0 } })),
      cost,
    );
  }
}

class Unforgiving extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    const { granted, missing } = super.spend(draws, cost);
    return { granted, missing: missing.map((parts) => parts * 2) };
  }
}

class Lumping extends MemoryHot {
  override spend(draws: readonly BucketDraw[], cost: number): Spending {
    return super.spend(
      draws.map(({ key, terms }) => ({ key: { ...key, id: 'id' }, terms })),
      cost,
    );
  }
}

class Wasteful extends MemoryHot {
  override async hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return { ...(await super.hold(accounts, call)), granted: true };
  }
}

class Piecemeal extends MemoryHot {
  override async hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    const each: Holding[] = [];
    for (const account of accounts) each.push(await super.hold([account], call));
    const [first = await super.hold(accounts, call)] = each;
    const granted = each.every((holding) => holding.granted);
    return { ...first, granted, accounts: each.flatMap((holding) => holding.accounts) };
  }
}

class Moneyless extends MemoryHot {
  override hold(accounts: readonly LedgerAccount[], { cost: _cost, ...call }: LedgerCall): Promise<Holding> {
    return super.hold(accounts, call);
  }
}

class Costly extends MemoryHot {
  override hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return super.hold(accounts, { ...call, cost: { charged: call.charged, held: call.held } });
  }
}

class Forgiving extends MemoryHot {
  override hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return super.hold(accounts, call.held === 0 ? { ...call, charged: 0 } : call);
  }
}

class Repetitive extends MemoryHot {
  private said = 0;
  override hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return super.hold(accounts, call.charged === 0 ? call : { ...call, id: `${call.id} ${this.said++}` });
  }
}

class Leasing extends MemoryHot {
  override hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return super.hold(accounts, { ...call, leaseMs: LONG_MS });
  }
}

class Deferring extends MemoryHot {
  override hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return super.hold(accounts, call.held === 0 ? call : { ...call, charged: 0 });
  }
}

class Reseeded extends MemoryHot {
  private told = 0;
  override async seed(charges: readonly PastCharge[], endsAt: number): Promise<Tally> {
    const call = { id: `past ${this.told++}`, charged: charges[0]?.settled ?? 0, held: 0, leaseMs: LONG_MS };
    await super.hold(
      charges.map(({ key }) => ({ key, limit: LONG_MS })),
      call,
    );
    return super.seed(charges, endsAt);
  }
}

class Sociable extends MemoryHot {
  override attend(group: HotKey, member: string, ttlMs: number): Promise<number> {
    return super.attend(group, `${member} ${this.visits++}`, ttlMs);
  }
  private visits = 0;
}

class Nostalgic extends MemoryHot {
  override attend(group: HotKey, member: string): Promise<number> {
    return super.attend(group, member, LONG_MS);
  }
}

class Eternal extends MemoryHot {
  override set(key: HotKey, value: Uint8Array): Promise<void> {
    return super.set(key, value, LONG_MS);
  }
}

class Glued extends MemoryHot {
  override set({ tenant, area, id }: HotKey, value: Uint8Array, ttlMs: number): Promise<void> {
    return super.set({ tenant: '', area, id: `${tenant}:${area}:${id}` }, value, ttlMs);
  }
  override get({ tenant, area, id }: HotKey): Promise<Uint8Array | undefined> {
    return super.get({ tenant: '', area, id: `${tenant}:${area}:${id}` });
  }
  override delete({ tenant, area, id }: HotKey): Promise<void> {
    return super.delete({ tenant: '', area, id: `${tenant}:${area}:${id}` });
  }
}

class Borrowing extends MemoryHot {
  private readonly borrowed = new Map<string, Uint8Array>();
  override async set(key: HotKey, value: Uint8Array): Promise<void> {
    this.borrowed.set(key.tenant, value);
  }
  override async get(key: HotKey): Promise<Uint8Array | undefined> {
    return this.borrowed.get(key.tenant);
  }
}

class Generous extends MemoryHot {
  override release(key: HotKey): Promise<void> {
    return this.delete(key);
  }
}

class Gullible extends MemoryHot {
  override async acquire(key: HotKey, holder: string, ttlMs: number): Promise<boolean> {
    await this.set(key, Buffer.from(holder), ttlMs);
    return true;
  }
}

type AppendOptions = Parameters<Hot['append']>[4];

class Gapped extends MemoryHot {
  override async append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    const next = ((await this.readLog(log, 0, 1))?.head.lastSeq ?? 0) + 1;
    return super.append(log, holder, { ...batch, firstSeq: Math.min(next, batch.lastSeq) }, terms, options);
  }
}

class Unfenced extends MemoryHot {
  private readonly owners = new Map<string, string>();
  override takeOverLog(log: HotKey, holder: string, terms: LogTerms): Promise<boolean> {
    this.owners.set(log.tenant, holder);
    return super.takeOverLog(log, holder, terms);
  }
  override append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    return super.append(log, this.owners.get(log.tenant) ?? holder, batch, terms, options);
  }
}

class Endless extends MemoryHot {
  override append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    return super.append(log, holder, batch, terms, { ...options, final: false });
  }
}

class Doubling extends MemoryHot {
  override async readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined> {
    const slice = await super.readLog(log, after, maxBytes);
    return slice && { ...slice, batches: slice.batches.flatMap((batch) => [batch, batch]) };
  }
}

class Hiding extends MemoryHot {
  override async readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined> {
    const slice = await super.readLog(log, after, maxBytes);
    return slice && { ...slice, head: { ...slice.head, firstSeq: 1 } };
  }
}

class Hoarding extends MemoryHot {
  override append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    return super.append(log, holder, batch, { ...terms, maxEvents: LONG_MS, maxBytes: LONG_MS }, options);
  }
}

class Clinging extends MemoryHot {
  override openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms): Promise<boolean> {
    return super.openLog(log, holder, header, { ...terms, leaseMs: LONG_MS });
  }
  override append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    return super.append(log, holder, batch, { ...terms, leaseMs: LONG_MS }, options);
  }
}

class Deaf extends MemoryHot {
  override async requestCancel(log: HotKey): Promise<boolean> {
    return (await this.readLog(log, 0, 1))?.head.final === false;
  }
}

class Retentive extends MemoryHot {
  override async dropLog(): Promise<void> {}
}

class Greedy extends MemoryHot {
  override readLog(log: HotKey, after: number): Promise<LogSlice | undefined> {
    return super.readLog(log, after, LONG_MS);
  }
}

class Forgetful extends MemoryHot {
  override async followLog(log: HotKey, listener: LogListener): Promise<() => void> {
    let heard = 0;
    return super.followLog(log, (batch) => (heard++ === 5 ? undefined : listener(batch)));
  }
}

class Sticky extends MemoryHot {
  override async followLog(log: HotKey, listener: LogListener): Promise<() => void> {
    await super.followLog(log, listener);
    return () => undefined;
  }
}

describe('the contract of hot stores catches one that', () => {
  it.each<[string, Kind, string]>([
    ['looks before it sets', Racy, 'gives an absent value to exactly one of many racing callers'],
    ['uses up before it looks', Hasty, 'uses something up for exactly one of many racing callers'],
    ['does not know when it began', Amnesiac, 'does not know what was used up before its memory began'],
    ['takes one use for another', Confused, 'keeps uses of tenants and ids apart'],
    ['draws before it looks', Eager, 'draws with the first of many racing uses, and with no other'],
    ['draws for what it forgot', Eager, 'draws nothing with what it does not know'],
    [
      'gives a use back that buckets refuse',
      Merciful,
      'uses something up although the buckets refuse, and takes nothing from them',
    ],
    ['tells nothing of accounts', Laconic, 'draws with a use as without one, and tells how accounts stand'],
    ['grants whatever is asked', Lenient, 'grants as many of many racing draws as there is room for'],
    ['takes from one bucket when another refuses', Partial, 'takes from every bucket or from none'],
    ['charges for a look', Curious, 'takes nothing when it only looks'],
    ['never gives back', Frozen, 'gives back what time gives back, and not more than fits'],
    [
      'lets a debt outgrow its bucket',
      Unforgiving,
      'takes a bucket whose terms became smaller for empty, not for indebted',
    ],
    ['has one bucket for all of a tenant', Lumping, 'keeps the buckets of tenants and ids apart'],
    ['holds whatever is asked', Wasteful, 'holds for as many of many racing calls as there is room for'],
    ['holds in one account when another refuses', Piecemeal, 'holds in every account or in none'],
    ['holds no money', Moneyless, 'holds neither tokens nor money when one of them is not left'],
    ['takes tokens for money', Costly, 'counts money beside tokens, each in its own accounts'],
    ['settles for nothing', Forgiving, 'settles what a call cost and gives the rest of its hold back'],
    ['charges what is said again', Repetitive, 'charges a call once, however often and in whatever order it is said'],
    ['never ends a lease', Leasing, 'gives a hold back when its lease runs out, and keeps what was charged'],
    ['charges at the end only', Deferring, 'records what is spent, also beyond the limit, and never holds more for it'],
    [
      'believes everybody who tells it the past',
      Reseeded,
      'is told once what an account spent that it does not know of',
    ],
    ['counts every visit', Sociable, 'counts who is here, each once'],
    ['counts who has gone', Nostalgic, 'counts nobody who said nothing for too long'],
    ['never forgets', Eternal, 'forgets a value after its time'],
    ['glues keys together', Glued, 'keeps tenants, areas and ids apart, whatever characters they hold'],
    ['keeps the caller’s bytes', Borrowing, 'keeps what it was given when the caller reuses the bytes'],
    ['gives back what others hold', Generous, 'gives a lock back only for its holder'],
    ['gives a lock to everybody', Gullible, 'gives a free lock to exactly one of many racing holders'],
    ['accepts a gap', Gapped, 'calls a log lost that does not continue at the batch'],
    ['ignores fencing', Unfenced, 'fences the producer whose log was taken over'],
    ['forgets that a log is final', Endless, 'takes nothing after the final batch'],
    ['stores a repeat again', Doubling, 'stores a repeated batch once'],
    [
      'hides what it trimmed',
      Hiding,
      'trims the oldest batches when there are too many events, and says where the log begins',
    ],
    ['trims nothing', Hoarding, 'trims the oldest batches when they are too large, but never the newest'],
    ['holds a log for ever', Clinging, 'holds a log for its producer, and not longer than agreed'],
    ['drops a cancel request', Deaf, 'tells the producer that it was asked to stop'],
    ['keeps what was dropped', Retentive, 'forgets a log that is dropped, and no other'],
    ['ignores the size of a read', Greedy, 'gives at least one batch, and no more than fit'],
    ['drops a notice', Forgetful, 'tells every follower of every append, in order'],
    ['goes on telling', Sticky, 'tells nobody who stopped, and everybody who did not'],
  ])('%s', async (_why, kind, title) => {
    await expect(hotContract[title]?.(subjectOf(kind))).rejects.toBeInstanceOf(AssertionError);
  });
});
