import {
  type BucketDraw,
  Hot,
  type HotKey,
  type LedgerAccount,
  type LogBatch,
  type LogListener,
  type LogTerms,
} from '#src/storage/index.js';
import { unavailable } from './unavailable.ts';

/** The way to a store, which a test can cut, slow down or make forgetful. */
export class FaultyHot extends Hot {
  readonly kind = 'redis';
  /** Nothing answers. */
  down = false;
  /** Nothing new is taken; what there is can be read. */
  full = false;
  /** Appends are done, but their answer is lost. */
  swallowsAnswers = false;
  /** The store no longer knows what was written. */
  forgot = false;
  /** Notices get lost. */
  deaf = false;
  /** Appends wait for this. */
  gate: Promise<void> = Promise.resolve();
  subscriptions = 0;
  reads = 0;

  constructor(private readonly inner: Hot) {
    super();
  }

  get(key: HotKey) {
    return this.ask(() => this.inner.get(key));
  }

  set(key: HotKey, value: Uint8Array, ttlMs: number) {
    return this.write(() => this.inner.set(key, value, ttlMs));
  }

  setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number) {
    return this.ask(() => this.inner.setIfAbsent(key, value, ttlMs));
  }

  once(...use: Parameters<Hot['once']>) {
    return this.ask(async () => this.inner.once(...use));
  }

  delete(key: HotKey) {
    return this.ask(() => this.inner.delete(key));
  }

  spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]) {
    return this.ask(async () => this.inner.spend(draws, cost, accounts));
  }

  hold(accounts: readonly LedgerAccount[], call: Parameters<Hot['hold']>[1]) {
    return this.ask(() => this.inner.hold(accounts, call));
  }

  seed(...told: Parameters<Hot['seed']>) {
    return this.ask(() => this.inner.seed(...told));
  }

  acquire(key: HotKey, holder: string, ttlMs: number) {
    return this.ask(() => this.inner.acquire(key, holder, ttlMs));
  }

  release(key: HotKey, holder: string) {
    return this.ask(() => this.inner.release(key, holder));
  }

  attend(group: HotKey, member: string, ttlMs: number) {
    return this.ask(() => this.inner.attend(group, member, ttlMs));
  }

  openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms) {
    return this.ask(() => this.inner.openLog(log, holder, header, terms));
  }

  async append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    options: { readonly state: Uint8Array; readonly final: boolean },
  ) {
    await this.gate;
    if (this.forgot) return { outcome: 'lost' } as const;
    const outcome = await this.write(() => this.inner.append(log, holder, batch, terms, options));
    if (this.swallowsAnswers) throw unavailable();
    return outcome;
  }

  async renewLog(log: HotKey, holder: string, terms: LogTerms) {
    if (this.forgot) return { outcome: 'lost' } as const;
    return this.write(() => this.inner.renewLog(log, holder, terms));
  }

  takeOverLog(log: HotKey, holder: string, terms: LogTerms) {
    return this.write(() => this.inner.takeOverLog(log, holder, terms));
  }

  dropLog(log: HotKey) {
    return this.ask(() => this.inner.dropLog(log));
  }

  requestCancel(log: HotKey) {
    return this.ask(() => this.inner.requestCancel(log));
  }

  async readLog(log: HotKey, after: number, maxBytes: number) {
    this.reads += 1;
    if (this.forgot) return undefined;
    return this.ask(() => this.inner.readLog(log, after, maxBytes));
  }

  async followLog(log: HotKey, listener: LogListener) {
    this.subscriptions += 1;
    return this.ask(() => this.inner.followLog(log, (batch) => (this.deaf ? undefined : listener(batch))));
  }

  ping() {
    return this.ask(() => this.inner.ping());
  }

  close() {
    return this.inner.close();
  }

  private async write<T>(call: () => Promise<T>): Promise<T> {
    if (this.full) throw unavailable();
    return this.ask(call);
  }

  private async ask<T>(call: () => Promise<T>): Promise<T> {
    if (this.down) throw unavailable();
    return call();
  }
}
