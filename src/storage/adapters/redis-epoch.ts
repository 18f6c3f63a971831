import type { Clock, Log } from '#src/kernel/index.js';
import type { HotKey, OnceOutcome, SingleUse } from '../hot.port.js';
import type { RedisCalls } from './redis-calls.js';
import type { RedisClient } from './redis-client.js';
import { milliseconds } from './redis-logs.js';
import { numbersOf } from './redis-numbers.js';
import { BEGIN_EPOCH, ONCE } from './redis-scripts.js';

/** Renewed with every use; a store that nobody used for so long holds nothing that could be repeated. */
const EPOCH_TTL_MS = 30 * 86_400_000;

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
  /** Which run of the server the connection leads to; empty while that is not known, and always in a cluster. */
  private serverRun = '';

  constructor(private readonly parts: EpochParts) {
    const { client } = parts;
    client.on('close', () => {
      this.serverRun = '';
    });
    client.on('ready', () => void this.begin());
  }

  /** @param input what is drawn with a first use */
  async once({ key, madeAt, ttlMs }: SingleUse, { keys, told }: ScriptInput): Promise<UseReply> {
    const { calls, spell } = this.parts;
    const names = [...keys, spell(key), this.keyOf(key.tenant)];
    const reply = await calls.run(ONCE, names, [...told, String(madeAt), milliseconds(ttlMs), ...this.arguments()]);
    return this.heard(reply);
  }

  /** As soon as there is a connection, so that the first request after it is not the one that starts the memory. */
  private async begin(): Promise<void> {
    const { calls, cluster, log } = this.parts;
    if (cluster) return;
    try {
      this.learn(String(await calls.runAnyway(BEGIN_EPOCH, [this.keyOf('')], this.arguments())));
    } catch (error) {
      log.debug({ err: error }, 'redis.epoch_unknown');
    }
  }

  /** One for everything where one server holds everything; in a cluster each tenant may live in another one. */
  private keyOf(tenant: string): string {
    const { spell, cluster } = this.parts;
    return spell({ tenant: cluster ? tenant : '', area: 'epoch', id: 'once' });
  }

  private arguments(): readonly string[] {
    return [this.serverRun, String(this.parts.clock.now()), milliseconds(EPOCH_TTL_MS)];
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
