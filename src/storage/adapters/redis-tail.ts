import type { Redis } from 'ioredis';
import type { Clock, Log, Stop } from '#src/kernel/index.js';
import type { LogBatch, LogListener } from '../hot.port.js';
import { Followers } from './followers.js';

/** Opens a connection to the shard at an address, or to any. */
export type OpenShard = (address: string | undefined) => Redis;

interface Shard {
  readonly address: string | undefined;
  readonly connection: Redis;
  readonly channels: Set<string>;
}

const MAX_REDIRECTIONS = 4;
const CHECK_EVERY_MS = 5_000;
const HEAL_AFTER_MS = 500;

/**
 * Hears of appends by sharded publish/subscribe: one connection per process and shard, one subscription per followed log.
 * Whatever ends a subscription (lost connection, full output buffer, moved slot), it is made again, and then everyone who
 * followed is told to look. A check every few seconds subscribes again, which costs nothing when all is well and finds
 * out about dead connections and moved slots when it is not.
 */
export class RedisTail {
  private readonly followers: Followers;
  private readonly shards = new Map<string | undefined, Shard>();
  private readonly homes = new Map<string, Promise<Shard>>();
  private readonly stopChecking: Stop;
  private stopHealing: Stop | undefined;
  private closed = false;

  constructor(
    private readonly open: OpenShard,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.followers = new Followers(log);
    this.stopChecking = clock.every(CHECK_EVERY_MS, () => this.check());
  }

  /** Resolves once the channel is subscribed. */
  async follow(channel: string, listener: LogListener): Promise<() => void> {
    const remove = this.followers.add(channel, listener);
    const stop = (): void => {
      remove();
      void this.leave(channel);
    };
    try {
      await this.home(channel);
      return stop;
    } catch (error) {
      stop();
      throw error;
    }
  }

  close(): void {
    this.closed = true;
    this.stopChecking();
    this.stopHealing?.();
    for (const { connection } of this.shards.values()) connection.disconnect();
  }

  /** The subscription of a channel, made when missing. */
  private home(channel: string): Promise<Shard> {
    const known = this.homes.get(channel);
    if (known !== undefined) return known;
    const home = this.subscribe(channel);
    this.homes.set(channel, home);
    home.catch(() => this.forget(channel, home));
    return home;
  }

  /** Asks any shard; a wrong one names the right one. */
  private async subscribe(channel: string): Promise<Shard> {
    let address: string | undefined;
    for (let hops = 0; ; hops++) {
      const shard = this.shardAt(address);
      try {
        shard.channels.add(channel);
        await shard.connection.ssubscribe(channel);
        return shard;
      } catch (error) {
        shard.channels.delete(channel);
        address = movedTo(error);
        if (address === undefined || hops >= MAX_REDIRECTIONS) throw error;
      }
    }
  }

  private shardAt(address: string | undefined): Shard {
    const [any] = this.shards.values();
    const known = address === undefined ? any : this.shards.get(address);
    if (known !== undefined) return known;
    if (this.closed) throw new Error('The store is closed');
    const connection = this.open(address);
    const shard: Shard = { address, connection, channels: new Set() };
    this.shards.set(address, shard);
    connection.on('error', () => undefined);
    connection.once('end', () => this.lost(shard));
    connection.on('smessageBuffer', (channel: Buffer, notice: Buffer) =>
      this.followers.notify(channel.toString(), decode(notice)),
    );
    return shard;
  }

  private async leave(channel: string): Promise<void> {
    if (this.followers.has(channel)) return;
    const home = this.homes.get(channel);
    const shard = await home?.catch(() => undefined);
    if (shard === undefined || this.followers.has(channel) || this.homes.get(channel) !== home) return;
    this.homes.delete(channel);
    shard.channels.delete(channel);
    await shard.connection.sunsubscribe(channel).catch(() => undefined);
  }

  private lost(shard: Shard): void {
    if (this.shards.get(shard.address) === shard) this.shards.delete(shard.address);
    for (const channel of shard.channels) this.homes.delete(channel);
    if (shard.channels.size > 0) this.healSoon();
  }

  private forget(channel: string, home: Promise<Shard>): void {
    if (this.homes.get(channel) === home) this.homes.delete(channel);
  }

  private healSoon(): void {
    if (this.closed) return;
    this.stopHealing ??= this.clock.after(HEAL_AFTER_MS, () => {
      this.stopHealing = undefined;
      void this.heal();
    });
  }

  /** Subscribes again what lost its subscription, and tells who followed that notices may be missing. */
  private async heal(): Promise<void> {
    const orphans = [...this.followers.followed].filter((channel) => !this.homes.has(channel));
    const results = await Promise.all(
      orphans.map((channel) =>
        this.home(channel).then(
          () => this.followers.notify(channel, undefined),
          () => channel,
        ),
      ),
    );
    if (results.some((failed) => failed !== undefined)) this.healSoon();
  }

  private check(): void {
    for (const shard of this.shards.values()) {
      if (shard.channels.size === 0) shard.connection.disconnect();
      for (const channel of shard.channels) void this.checkChannel(shard, channel);
    }
    this.healSoon();
  }

  private async checkChannel(shard: Shard, channel: string): Promise<void> {
    try {
      await shard.connection.ssubscribe(channel);
      if (!shard.channels.has(channel)) await shard.connection.sunsubscribe(channel);
    } catch (error) {
      if (movedTo(error) === undefined) return;
      shard.channels.delete(channel);
      this.homes.delete(channel);
      this.healSoon();
    }
  }
}

/** Where a redirect points: `MOVED <slot> <host>:<port>`. */
const movedTo = (error: unknown): string | undefined =>
  error instanceof Error ? /^MOVED \d+ (\S+:\d+)$/.exec(error.message)?.[1] : undefined;

/** `<first>:<last>:<data>`, or nothing for "look again". */
function decode(notice: Buffer): LogBatch | undefined {
  const first = notice.indexOf(':');
  const second = notice.indexOf(':', first + 1);
  if (first <= 0 || second < 0) return undefined;
  return {
    firstSeq: Number(notice.toString('latin1', 0, first)),
    lastSeq: Number(notice.toString('latin1', first + 1, second)),
    data: notice.subarray(second + 1),
  };
}
