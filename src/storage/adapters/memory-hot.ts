import { AppError, type Clock, type Log, type Stop } from '#src/kernel/index.js';
import type {
  AppendOutcome,
  BucketDraw,
  Draw,
  DrawOrder,
  Holding,
  HotArea,
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
} from '../hot.port.js';
import { LocalHot } from '../hot.port.js';
import { spell } from '../hot-key.policy.js';
import type { Tally } from '../ledger.policy.js';
import { checkBatch } from '../log.machine.js';
import { ExpiringMap } from './expiring-map.js';
import { Followers } from './followers.js';
import { MemoryBuckets } from './memory-buckets.js';
import { MemoryGroups } from './memory-groups.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryLogs } from './memory-logs.js';
import { UsedNames } from './used-names.js';

export interface MemoryLimits {
  /** Of all values, keys and some overhead included. */
  readonly valueBytes: number;
  readonly logBytes: number;
}

/** What an entry costs beside its key and value, about. */
const ENTRY_OVERHEAD = 160;
const SWEEP_EVERY_MS = 1_000;
const SWEEP_COUNT = 2_000;
/** Looked at before a write is refused. */
const FULL_SWEEP_COUNT = 64;
const FULL_RETRY_MS = 1_000;
/** What may be dropped before its time: work is done again, no promise is broken. */
const FORGETTABLE: ReadonlySet<HotArea> = new Set(['cache', 'idempotency']);
/** About 45 MiB: as many callers as one process can serve in the minute that a bucket takes to be full again. */
const MOST_BUCKETS = 262_144;
/** Addresses have a place of their own: whoever has many of them pushes no tenant's bucket out. */
const MOST_ADDRESSES = 65_536;
/** As many as there are buckets: whoever has one may have an account. */
const MOST_ACCOUNTS = MOST_BUCKETS;

/**
 * Hot state of this process. Bounded: when it is full, cached values and finished logs go first, and what must not be
 * forgotten before its time is refused with `DEPENDENCY_UNAVAILABLE`.
 */
export class MemoryHot extends LocalHot {
  readonly kind = 'memory';
  private readonly kept = new ExpiringMap<Uint8Array>();
  private readonly cached = new ExpiringMap<Uint8Array>();
  private readonly used: UsedNames;
  private readonly buckets = new MemoryBuckets(MOST_BUCKETS);
  private readonly addresses = new MemoryBuckets(MOST_ADDRESSES);
  private readonly groups = new MemoryGroups();
  private readonly ledger = new MemoryLedger(MOST_ACCOUNTS);
  private readonly logs: MemoryLogs;
  private readonly followers: Followers;
  private readonly stopSweeping: Stop;
  /** The last instant of which nothing is known: no process ends and starts again within a millisecond. */
  private readonly forgottenUntil: number;

  constructor(
    private readonly clock: Clock,
    log: Log,
    private readonly limits: MemoryLimits,
  ) {
    super();
    this.logs = new MemoryLogs(clock, limits.logBytes);
    this.followers = new Followers(log);
    this.forgottenUntil = clock.now() - 1;
    this.used = new UsedNames(this.forgottenUntil);
    this.stopSweeping = clock.every(SWEEP_EVERY_MS, () => this.sweep());
  }

  async get(key: HotKey): Promise<Uint8Array | undefined> {
    return this.find(key);
  }

  async set(key: HotKey, value: Uint8Array, ttlMs: number): Promise<void> {
    this.put(key, value.slice(), ttlMs);
  }

  async setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number): Promise<boolean> {
    if (this.find(key) !== undefined) return false;
    this.put(key, value.slice(), ttlMs);
    return true;
  }

  once({ key, madeAt, ttlMs }: SingleUse, order?: DrawOrder): OnceReply {
    const since = this.forgottenUntil;
    if (madeAt <= since) return { outcome: 'forgotten', since };
    const name = spell('', key);
    const now = this.clock.now();
    if (this.used.has(name, now)) return { outcome: 'repeated', since };
    if (!this.makeRoom(UsedNames.cost(name))) throw full();
    this.used.add(name, now + ttlMs, now);
    return { outcome: 'first', since, draw: order && this.spend(order.draws, order.cost, order.accounts) };
  }

  async delete(key: HotKey): Promise<void> {
    this.mapOf(key).delete(spell('', key));
  }

  spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]): Draw {
    const now = this.clock.now();
    const buckets = draws[0]?.key.area === 'flood' ? this.addresses : this.buckets;
    const spending = buckets.spend(draws, cost, now);
    return accounts === undefined ? spending : { ...spending, tally: this.ledger.tally(accounts, now) };
  }

  note(draws: readonly BucketDraw[], missing: readonly number[]): void {
    this.buckets.note(draws, missing, this.clock.now());
  }

  async hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    return this.ledger.hold(accounts, call, this.clock.now());
  }

  async seed(charges: readonly PastCharge[], endsAt: number): Promise<Tally> {
    return this.ledger.seed(charges, endsAt, this.clock.now());
  }

  async acquire(key: HotKey, holder: string, ttlMs: number): Promise<boolean> {
    if (this.isHeldByOther(key, holder)) return false;
    this.put(key, Buffer.from(holder), ttlMs);
    return true;
  }

  async release(key: HotKey, holder: string): Promise<void> {
    if (!this.isHeldByOther(key, holder)) this.mapOf(key).delete(spell('', key));
  }

  async attend(group: HotKey, member: string, ttlMs: number): Promise<number> {
    return this.groups.attend(spell('', group), member, { ttlMs, now: this.clock.now() });
  }

  async openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms): Promise<boolean> {
    if (!this.logs.makeRoom(header.length)) throw full();
    return this.logs.open(spell('', log), holder, header, terms);
  }

  async append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: { readonly state: Uint8Array; readonly final: boolean },
  ): Promise<AppendOutcome> {
    checkBatch(batch);
    if (!this.logs.makeRoom(batch.data.length + options.state.length)) throw full();
    const name = spell('', log);
    const kept = { ...batch, data: batch.data.slice() };
    const result = this.logs.append(name, holder, kept, terms, options);
    if (result.outcome === 'stored') this.notify(name, kept);
    return result;
  }

  async renewLog(log: HotKey, holder: string, terms: LogTerms): Promise<AppendOutcome> {
    return this.logs.renew(spell('', log), holder, terms);
  }

  async takeOverLog(log: HotKey, holder: string, terms: LogTerms): Promise<boolean> {
    return this.logs.takeOver(spell('', log), holder, terms);
  }

  async dropLog(log: HotKey): Promise<void> {
    this.logs.drop(spell('', log));
  }

  async requestCancel(log: HotKey): Promise<boolean> {
    const name = spell('', log);
    const requested = this.logs.requestCancel(name);
    if (requested) this.notify(name, undefined);
    return requested;
  }

  async readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined> {
    return this.logs.read(spell('', log), after, maxBytes);
  }

  async followLog(log: HotKey, listener: LogListener): Promise<() => void> {
    return this.followers.add(spell('', log), listener);
  }

  async ping(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    this.stopSweeping();
  }

  private find(key: HotKey): Uint8Array | undefined {
    return this.mapOf(key).get(spell('', key), this.clock.now());
  }

  private mapOf({ area }: HotKey): ExpiringMap<Uint8Array> {
    return FORGETTABLE.has(area) ? this.cached : this.kept;
  }

  private put(key: HotKey, value: Uint8Array, ttlMs: number): void {
    const name = spell('', key);
    const now = this.clock.now();
    const bytes = ENTRY_OVERHEAD + name.length + value.length;
    if (!this.makeRoom(bytes)) throw full();
    this.mapOf(key).set(name, value, { bytes, expiresAt: now + ttlMs, now });
  }

  private makeRoom(bytes: number): boolean {
    const { kept, cached, used, limits } = this;
    const fits = (): boolean => kept.bytes + cached.bytes + used.bytes + bytes <= limits.valueBytes;
    while (!fits()) if (!cached.dropOldest()) break;
    if (!fits()) {
      const now = this.clock.now();
      kept.sweep(FULL_SWEEP_COUNT, now);
      used.sweep(FULL_SWEEP_COUNT, now);
    }
    return fits();
  }

  private isHeldByOther(key: HotKey, holder: string): boolean {
    const value = this.find(key);
    return value !== undefined && !Buffer.from(holder).equals(value);
  }

  /** After the answer to whoever appended. */
  private notify(name: string, batch: LogBatch | undefined): void {
    if (this.followers.has(name)) queueMicrotask(() => this.followers.notify(name, batch));
  }

  private sweep(): void {
    const now = this.clock.now();
    this.kept.sweep(SWEEP_COUNT, now);
    this.cached.sweep(SWEEP_COUNT, now);
    this.used.sweep(SWEEP_COUNT, now);
    this.buckets.sweep(SWEEP_COUNT, now);
    this.addresses.sweep(SWEEP_COUNT, now);
    this.ledger.sweep(SWEEP_COUNT, now);
    this.logs.sweep(SWEEP_COUNT);
  }
}

const full = (): AppError =>
  new AppError('DEPENDENCY_UNAVAILABLE', 'The in-process store is full', { retryAfterMs: FULL_RETRY_MS });
