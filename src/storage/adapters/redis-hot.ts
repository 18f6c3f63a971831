import type { GateParts } from '../dependency-gate.js';
import {
  type AppendOutcome,
  type BucketDraw,
  type Draw,
  type DrawOrder,
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
  type SingleUse,
} from '../hot.port.js';
import { spell } from '../hot-key.policy.js';
import type { Tally } from '../ledger.policy.js';
import { checkBatch } from '../log.machine.js';
import { drawArguments, drawOf } from './redis-buckets.js';
import { RedisCalls } from './redis-calls.js';
import { createClient, openShard, type RedisClient, type RedisConfig } from './redis-client.js';
import { RedisEpoch, type ScriptInput } from './redis-epoch.js';
import { holdArguments, holdingOf, seedArguments, tallyOf } from './redis-ledger.js';
import { bytesOf, leaseArguments, logKeys, milliseconds, outcomeOf, sliceOf } from './redis-logs.js';
import { numbersOf } from './redis-numbers.js';
import * as scripts from './redis-scripts.js';
import { RedisTail } from './redis-tail.js';

/** Larger batches are announced without their data. */
const NOTICE_BYTES = 65_536;

/** What is drawn with a use that is to draw nothing. */
const NOTHING: DrawOrder = { draws: [], cost: 0 };

export class RedisHot extends Hot {
  readonly kind = 'redis';
  private readonly client: RedisClient;
  private readonly spelled = new WeakMap<HotKey, string>();
  private readonly calls: RedisCalls;
  private readonly epoch: RedisEpoch;
  private readonly tail: RedisTail;

  constructor(
    url: string,
    private readonly config: RedisConfig,
    private readonly parts: GateParts,
  ) {
    super();
    this.client = createClient(url, config);
    this.client.on('error', (error: unknown) => parts.log.debug({ err: error }, 'redis.connection_failed'));
    this.calls = new RedisCalls(this.client, config.REDIS_COMMAND_TIMEOUT, parts);
    const spell = (key: HotKey): string => this.spell(key);
    const { client, calls } = this;
    this.epoch = new RedisEpoch({ ...parts, client, calls, spell, cluster: config.REDIS_CLUSTER });
    this.tail = new RedisTail((address) => openShard(this.client, config, address), parts.clock, parts.log);
  }

  override get evicts(): boolean {
    return this.epoch.evicts;
  }

  /** Connects; without a server it returns degraded and goes on trying. */
  async start(): Promise<void> {
    await this.client.connect().catch((error: unknown) => {
      this.parts.log.warn({ err: error }, 'redis.unreachable');
    });
    await this.calls.settle();
  }

  async get(key: HotKey): Promise<Uint8Array | undefined> {
    return (await this.calls.call(() => this.client.getBuffer(this.spell(key)))) ?? undefined;
  }

  async set(key: HotKey, value: Uint8Array, ttlMs: number): Promise<void> {
    await this.calls.call(() => this.client.set(this.spell(key), bytesOf(value), 'PX', milliseconds(ttlMs)));
  }

  async setIfAbsent(key: HotKey, value: Uint8Array, ttlMs: number): Promise<boolean> {
    const set = () => this.client.set(this.spell(key), bytesOf(value), 'PX', milliseconds(ttlMs), 'NX');
    return (await this.calls.call(set)) === 'OK';
  }

  async once(use: SingleUse, order?: DrawOrder): Promise<OnceReply> {
    const { numbers, ...reply } = await this.epoch.once(use, this.inputOf(order ?? NOTHING));
    return order === undefined || reply.outcome !== 'first' ? reply : { ...reply, draw: drawOf(numbers, order) };
  }

  async delete(key: HotKey): Promise<void> {
    await this.calls.call(() => this.client.unlink(this.spell(key)));
  }

  async spend(draws: readonly BucketDraw[], cost: number, accounts?: readonly HotKey[]): Promise<Draw> {
    const order = { draws, cost, accounts };
    const { keys, told } = this.inputOf(order);
    const script = accounts === undefined ? scripts.SPEND : scripts.SPEND_AND_TALLY;
    return drawOf(numbersOf(await this.calls.run(script, keys, told)), order);
  }

  async hold(accounts: readonly LedgerAccount[], call: LedgerCall): Promise<Holding> {
    const keys = [this.spell({ tenant: accounts[0]?.key.tenant ?? '', area: 'charge', id: call.id })];
    for (const { key } of accounts) keys.push(this.spellOnce(key));
    return holdingOf(await this.calls.run(scripts.HOLD, keys, holdArguments(accounts, call)));
  }

  async seed(charges: readonly PastCharge[], endsAt: number): Promise<Tally> {
    const keys = charges.map(({ key }) => this.spell(key));
    return tallyOf(numbersOf(await this.calls.run(scripts.SEED, keys, seedArguments(charges, endsAt))));
  }

  async acquire(key: HotKey, holder: string, ttlMs: number): Promise<boolean> {
    return (await this.calls.run(scripts.ACQUIRE, [this.spell(key)], [holder, milliseconds(ttlMs)])) === 1;
  }

  async release(key: HotKey, holder: string): Promise<void> {
    await this.calls.run(scripts.RELEASE, [this.spell(key)], [holder]);
  }

  async attend(group: HotKey, member: string, ttlMs: number): Promise<number> {
    return Number(await this.calls.run(scripts.ATTEND, [this.spell(group)], [member, milliseconds(ttlMs)]));
  }

  async openLog(log: HotKey, holder: string, header: Uint8Array, terms: LogTerms): Promise<boolean> {
    const { meta, entries, lease } = this.keysOf(log);
    const told = [...leaseArguments(holder, terms), bytesOf(header)];
    return (await this.calls.run(scripts.OPEN_LOG, [meta, entries, lease], told)) === 1;
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
    return outcomeOf(await this.calls.run(scripts.APPEND, [meta, entries, lease, channel], told));
  }

  async renewLog(log: HotKey, holder: string, terms: LogTerms): Promise<AppendOutcome> {
    const { meta, entries, lease } = this.keysOf(log);
    return outcomeOf(await this.calls.run(scripts.RENEW_LOG, [meta, entries, lease], leaseArguments(holder, terms)));
  }

  async takeOverLog(log: HotKey, holder: string, terms: LogTerms): Promise<boolean> {
    const { meta, entries, lease } = this.keysOf(log);
    return (await this.calls.run(scripts.TAKE_OVER_LOG, [meta, entries, lease], leaseArguments(holder, terms))) === 1;
  }

  async dropLog(log: HotKey): Promise<void> {
    const { meta, entries, lease } = this.keysOf(log);
    await this.calls.call(() => this.client.unlink(meta, entries, lease));
  }

  async requestCancel(log: HotKey): Promise<boolean> {
    const { meta, channel } = this.keysOf(log);
    return (await this.calls.run(scripts.REQUEST_CANCEL, [meta, channel], [])) === 1;
  }

  async readLog(log: HotKey, after: number, maxBytes: number): Promise<LogSlice | undefined> {
    const { meta, entries, lease } = this.keysOf(log);
    return sliceOf(await this.calls.run(scripts.READ_LOG, [meta, entries, lease], [String(after), String(maxBytes)]));
  }

  async followLog(log: HotKey, listener: LogListener): Promise<() => void> {
    let following: Promise<() => void> | undefined;
    try {
      return await this.calls.call(() => {
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
    return this.calls.ping();
  }

  async close(): Promise<void> {
    this.calls.close();
    this.epoch.close();
    this.tail.close();
    this.client.disconnect();
  }

  private inputOf({ draws, cost, accounts = [] }: DrawOrder): ScriptInput {
    const keys = draws.map(({ key }) => this.spellOnce(key));
    for (const key of accounts) keys.push(this.spellOnce(key));
    return { keys, told: drawArguments(draws, cost) };
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
}
