import { ReplyError } from 'ioredis';
import { DependencyGate, type GateParts, Outage } from '../dependency-gate.js';
import {
  type AppendOutcome,
  type BucketDraw,
  type Draw,
  type Holding,
  Hot,
  type HotKey,
  type LedgerAccount,
  type LedgerCall,
  type LogBatch,
  type LogListener,
  type LogSlice,
  type LogTerms,
  type OnceReply,
  type PastCharge,
} from '../hot.port.js';
import { spell } from '../hot-key.policy.js';
import type { Tally } from '../ledger.policy.js';
import { checkBatch } from '../log.machine.js';
import { attentiveLimit } from './attentive-limit.js';
import { drawArguments, drawOf, spendingOf } from './redis-buckets.js';
import { createClient, openShard, type RedisClient, type RedisConfig } from './redis-client.js';
import { EPOCH_TTL_MS, onceReplyOf } from './redis-epoch.js';
import { holdArguments, holdingOf, numbersOf, seedArguments, tallyOf } from './redis-ledger.js';
import { bytesOf, leaseArguments, logKeys, milliseconds, outcomeOf, sliceOf } from './redis-logs.js';
import * as scripts from './redis-scripts.js';
import { RedisTail } from './redis-tail.js';

/** Larger batches are announced without their data. */
const NOTICE_BYTES = 65_536;
/** Replies by which a server says that it cannot serve now. */
const NOT_NOW =
  /^(LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|MOVED|ASK|NOREPLICAS|MISCONF|OOM|NOAUTH|WRONGPASS)\b/;

export class RedisHot extends Hot {
  readonly kind = 'redis';
  private readonly client: RedisClient;
  private readonly spelled = new WeakMap<HotKey, string>();
  private readonly gate: DependencyGate;
  private readonly tail: RedisTail;
  /** Which run of the server the connection leads to; empty while that is not known, and always in a cluster. */
  private serverRun = '';

  constructor(
    url: string,
    private readonly config: RedisConfig,
    private readonly parts: GateParts,
  ) {
    super();
    this.client = createClient(url, config);
    this.client.on('error', (error: unknown) => parts.log.debug({ err: error }, 'redis.connection_failed'));
    this.client.on('close', () => {
      this.serverRun = '';
    });
    this.client.on('ready', () => void this.beginEpoch());
    this.gate = new DependencyGate({ dependency: 'redis', label: 'Redis', probe: () => this.measure() }, parts);
    this.tail = new RedisTail((address) => openShard(this.client, address), parts.clock, parts.log);
  }

  /** Connects; without a server it returns degraded and goes on trying. */
  async start(): Promise<void> {
    await this.client.connect().catch((error: unknown) => {
      this.parts.log.warn({ err: error }, 'redis.unreachable');
    });
    await this.gate.settle();
  }

  async get(key: HotKey): Promise<Uint8Array | undefined> {
    return (await this.call(() => this.client.getBuffer(this.spell(key)))) ?? undefined;
  }

  async set(key: HotKey, value: Uint8Array, ttlMs: number): Promise<void> {
    await this.call(() => this.client.set(this.spell(key), bytesOf(value), 'PX', milliseconds(ttlMs)));
  }

  async setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number): Promise<boolean> {
    const set = () => this.client.set(this.spell(key), bytesOf(value), 'PX', milliseconds(ttlMs), 'NX');
    return (await this.call(set)) === 'OK';
  }

  async once(key: HotKey, madeAt: number, ttlMs: number): Promise<OnceReply> {
    const told = [...this.epochArguments(), String(madeAt), milliseconds(ttlMs)];
    const reply = await this.run(scripts.ONCE, [this.epochOf(key.tenant), this.spell(key)], told);
    const { outcome, run, since } = onceReplyOf(reply);
    this.learnRun(run);
    return { outcome, since };
  }

  async delete(key: HotKey): Promise<void> {
    await this.call(() => this.client.unlink(this.spell(key)));
  }

  async spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]): Promise<Draw> {
    const keys = draws.map(({ key }) => this.spellOnce(key));
    const told = drawArguments(draws, cost);
    if (accounts === undefined) return spendingOf(await this.run(scripts.SPEND, keys, told));
    for (const key of accounts) keys.push(this.spellOnce(key));
    return drawOf(await this.run(scripts.SPEND_AND_TALLY, keys, told), draws.length);
  }

  async hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    const charge: HotKey = { tenant: accounts[0]?.key.tenant ?? '', area: 'charge', id: call.id };
    const keys = [charge, ...accounts.map(({ key }) => key)].map((key) => this.spell(key));
    return holdingOf(await this.run(scripts.HOLD, keys, holdArguments(accounts, call)));
  }

  async seed(charges: readonly PastCharge[], endsAt: number): Promise<Tally> {
    const keys = charges.map(({ key }) => this.spell(key));
    return tallyOf(numbersOf(await this.run(scripts.SEED, keys, seedArguments(charges, endsAt))));
  }

  async acquire(key: HotKey, holder: string, ttlMs: number): Promise<boolean> {
    return (await this.run(scripts.ACQUIRE, [this.spell(key)], [holder, milliseconds(ttlMs)])) === 1;
  }

  async release(key: HotKey, holder: string): Promise<void> {
    await this.run(scripts.RELEASE, [this.spell(key)], [holder]);
  }

  async attend(group: HotKey, member: string, ttlMs: number): Promise<number> {
    return Number(await this.run(scripts.ATTEND, [this.spell(group)], [member, milliseconds(ttlMs)]));
  }

  async openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms): Promise<boolean> {
    const { meta, entries, lease } = this.keysOf(log);
    const told = [...leaseArguments(holder, terms), bytesOf(header)];
    return (await this.run(scripts.OPEN_LOG, [meta, entries, lease], told)) === 1;
  }

  async append(
    log: HotKey,
    holder: string,
    batch: LogBatch,
    terms: LogTerms,
    { state, final }: { readonly state: Uint8Array; readonly final: boolean },
  ): Promise<AppendOutcome> {
    checkBatch(batch);
    const { meta, entries, lease, channel } = this.keysOf(log);
    const told = [
      ...leaseArguments(holder, terms),
      String(terms.maxEvents),
      String(terms.maxBytes),
      String(batch.firstSeq),
      String(batch.lastSeq),
      bytesOf(batch.data),
      bytesOf(state),
      final ? '1' : '0',
      String(NOTICE_BYTES),
    ];
    return outcomeOf(await this.run(scripts.APPEND, [meta, entries, lease, channel], told));
  }

  async renewLog(log: HotKey, holder: string, terms: LogTerms): Promise<AppendOutcome> {
    const { meta, entries, lease } = this.keysOf(log);
    return outcomeOf(await this.run(scripts.RENEW_LOG, [meta, entries, lease], leaseArguments(holder, terms)));
  }

  async takeOverLog(log: HotKey, holder: string, terms: LogTerms): Promise<boolean> {
    const { meta, entries, lease } = this.keysOf(log);
    return (await this.run(scripts.TAKE_OVER_LOG, [meta, entries, lease], leaseArguments(holder, terms))) === 1;
  }

  async requestCancel(log: HotKey): Promise<boolean> {
    const { meta, channel } = this.keysOf(log);
    return (await this.run(scripts.REQUEST_CANCEL, [meta, channel], [])) === 1;
  }

  async readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined> {
    const { meta, entries, lease } = this.keysOf(log);
    return sliceOf(await this.run(scripts.READ_LOG, [meta, entries, lease], [String(after), String(maxBytes)]));
  }

  async followLog(log: HotKey, listener: LogListener): Promise<() => void> {
    let following: Promise<() => void> | undefined;
    try {
      return await this.call(() => {
        following = this.tail.follow(this.keysOf(log).channel, listener);
        return following;
      });
    } catch (error) {
      // It may still succeed after the limit.
      following?.then((stop) => stop()).catch(() => undefined);
      throw error;
    }
  }

  ping(): Promise<number> {
    return this.gate.run(() => this.measure());
  }

  async close(): Promise<void> {
    this.gate.close();
    this.tail.close();
    this.client.disconnect();
  }

  /** As soon as there is a connection, so that the first request after it is not the one that starts the memory. */
  private async beginEpoch(): Promise<void> {
    if (this.config.REDIS_CLUSTER) return;
    try {
      const begin = () => this.evaluate(scripts.BEGIN_EPOCH, [this.epochOf('')], this.epochArguments());
      this.learnRun(String(await this.bounded(begin)));
    } catch (error) {
      this.parts.log.debug({ err: error }, 'redis.epoch_unknown');
    }
  }

  /** One for everything where one server holds everything; in a cluster each tenant may live in another one. */
  private epochOf(tenant: string): string {
    return this.spell({ tenant: this.config.REDIS_CLUSTER ? tenant : '', area: 'epoch', id: 'once' });
  }

  private epochArguments(): readonly string[] {
    return [this.serverRun, String(this.parts.clock.now()), milliseconds(EPOCH_TTL_MS)];
  }

  private learnRun(run: string): void {
    if (!this.config.REDIS_CLUSTER && this.client.status === 'ready') this.serverRun = run;
  }

  private spell(key: HotKey): string {
    return spell(this.config.REDIS_NAMESPACE, key);
  }

  /** For keys that whoever asks keeps for long. */
  private spellOnce(key: HotKey): string {
    const known = this.spelled.get(key);
    if (known !== undefined) return known;
    const name = this.spell(key);
    this.spelled.set(key, name);
    return name;
  }

  private keysOf(log: HotKey) {
    return logKeys(this.spell(log));
  }

  private run(script: scripts.Script, keys: readonly string[], told: readonly (string | Buffer)[]): Promise<unknown> {
    return this.call(() => this.evaluate(script, keys, told));
  }

  /** By its hash; a server that does not know the script, or forgot it, is sent the text. */
  private async evaluate(
    { sha1, lua }: scripts.Script,
    keys: readonly string[],
    told: readonly (string | Buffer)[],
  ): Promise<unknown> {
    try {
      return await this.client.evalshaBuffer(sha1, keys.length, ...keys, ...told);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.client.evalBuffer(lua, keys.length, ...keys, ...told);
    }
  }

  private call<T>(command: () => Promise<T>): Promise<T> {
    return this.gate.run(() => this.bounded(command));
  }

  private async measure(): Promise<number> {
    const start = performance.now();
    await this.bounded(() => this.client.ping());
    return performance.now() - start;
  }

  /** The driver's own limit starts when a command is sent; this one counts the wait before it too. */
  private bounded<T>(command: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Outage('store', new Error('Redis did not answer in time')));
      const callOff = attentiveLimit(this.config.REDIS_COMMAND_TIMEOUT, late);
      const fail = (error: unknown): void => reject(isOutage(error) ? new Outage('store', error) : error);
      const settle = async (): Promise<void> => {
        try {
          resolve(await command());
        } catch (error) {
          fail(error);
        } finally {
          callOff();
        }
      };
      void settle();
    });
  }
}

/** Anything but a reply is the connection's fault. */
const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  return !(error instanceof ReplyError) || NOT_NOW.test(error.message);
};
