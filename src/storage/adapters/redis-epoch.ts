import type { Clock, Log, Stop } from '#src/kernel/index.js';
import { Outage } from '../dependency-gate.js';
import type { HotKey, OnceOutcome, SingleUse } from '../hot.port.js';
import { isEviction, type RedisCalls } from './redis-calls.js';
import type { RedisClient } from './redis-client.js';
import { milliseconds } from './redis-logs.js';
import { numbersOf } from './redis-numbers.js';
import { BEGIN_EPOCH, LEARN_SERVER, ONCE } from './redis-scripts.js';

/** Renewed with every use; a store that nobody used for so long holds nothing that could be repeated. */
const EPOCH_TTL_MS = 30 * 86_400_000;
/** A server can be told to evict while it runs, and no connection ends. */
const LOOK_MS = 10_000;

export interface EpochParts {
  readonly client: RedisClient;
  readonly calls: RedisCalls;
  readonly spell: (key: HotKey) => string;
  /** Several servers, each with a memory of its own. */
  readonly cluster: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Outcomes by their number in the script. */
const OUTCOMES: readonly (OnceOutcome | undefined)[] = [undefined, 'first', 'repeated', 'forgotten'];

/** What a script goes with: the names it touches, and what it is told. */
export interface ScriptInput {
  readonly keys: readonly string[];
  readonly told: readonly string[];
}

/** Whether something was used before, and of a first use what the script told that went with it. */
interface UseReply {
  readonly outcome: OnceOutcome;
  readonly since: number;
  readonly numbers: readonly number[];
}

/** What was used up, by servers that know since when they remember. */
export class RedisEpoch {
  /** Which life of the server's memory the connection leads to; empty while that is not known, and always in a cluster. */
  private serverRun = '';
  private evicting = false;
  private readonly stopLooking: Stop;

  constructor(private readonly parts: EpochParts) {
    const { client, clock } = parts;
    client.on('close', () => {
      this.serverRun = '';
    });
    client.on('ready', () => void this.look());
    this.stopLooking = clock.every(LOOK_MS, () => void this.look());
  }

  /** A server makes room by forgetting, as far as is known: it vouches for nothing. */
  get evicts(): boolean {
    return this.evicting;
  }

  close(): void {
    this.stopLooking();
  }

  /** @param input what is drawn with a first use */
  async once({ key, madeAt, ttlMs }: SingleUse, { keys, told }: ScriptInput): Promise<UseReply> {
    const { calls, spell } = this.parts;
    const names = [...keys, spell(key), this.keyOf(key.tenant)];
    const reply = await calls.run(ONCE, names, [
      ...told,
      String(madeAt),
      milliseconds(ttlMs),
      ...this.arguments(this.serverRun),
    ]);
    return this.heard(reply);
  }

  /** As soon as there is a connection, so that the first request after it is not the one that starts the memory; then again. */
  private async look(): Promise<void> {
    const { client, log } = this.parts;
    if (client.status !== 'ready') return;
    try {
      await this.begin();
      this.found(false);
    } catch (error) {
      if (error instanceof Outage && isEviction(error.cause)) this.found(true);
      else log.debug({ err: error }, 'redis.epoch_unknown');
    }
  }

  /** In a cluster no script reaches every epoch: each learns of its own server by itself. */
  private async begin(): Promise<void> {
    const { calls, cluster } = this.parts;
    if (cluster) await calls.runOnEach(LEARN_SERVER);
    else this.learn(String(await calls.runAnyway(BEGIN_EPOCH, [this.keyOf('')], this.arguments(''))));
  }

  private found(evicting: boolean): void {
    const { log } = this.parts;
    if (evicting === this.evicting) return;
    this.evicting = evicting;
    if (evicting) log.warn({ dependency: 'redis' }, 'redis.evicts');
    else log.info({ dependency: 'redis' }, 'redis.keeps');
  }

  /** One for everything where one server holds everything; in a cluster each tenant may live in another one. */
  private keyOf(tenant: string): string {
    const { spell, cluster } = this.parts;
    return spell({ tenant: cluster ? tenant : '', area: 'epoch', id: 'once' });
  }

  private arguments(run: string): readonly string[] {
    return [run, String(this.parts.clock.now()), milliseconds(EPOCH_TTL_MS)];
  }

  private learn(run: string): void {
    const { cluster, client } = this.parts;
    if (!cluster && client.status === 'ready') this.serverRun = run;
  }

  /** @throws Error when the reply is none of the script's */
  private heard(reply: unknown): UseReply {
    const [run, told] = Array.isArray(reply) ? reply : [];
    const [code = 0, since = 0, ...numbers] = numbersOf(told);
    const outcome = OUTCOMES[code];
    if (outcome === undefined) throw new Error('Redis gave an answer that the script does not give');
    if (run instanceof Buffer) this.learn(run.toString());
    return { outcome, since, numbers };
  }
}
