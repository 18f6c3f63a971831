import type { Clock, Log } from '#src/kernel/index.js';
import type { HotKey, OnceReply } from '../hot.port.js';
import type { RedisCalls } from './redis-calls.js';
import type { RedisClient } from './redis-client.js';
import { milliseconds } from './redis-logs.js';
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

  async once(key: HotKey, madeAt: number, ttlMs: number): Promise<OnceReply> {
    const { calls, spell } = this.parts;
    const told = [...this.arguments(), String(madeAt), milliseconds(ttlMs)];
    const { outcome, run, since } = replyOf(await calls.run(ONCE, [this.keyOf(key.tenant), spell(key)], told));
    this.learn(run);
    return { outcome, since };
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
}

/** What one run of the server tells: whether something was used before, and which run that was. */
interface RunReply extends OnceReply {
  readonly run: string;
}

/** @throws Error when the reply is none of the script's */
function replyOf(reply: unknown): RunReply {
  const [outcome, run, since] = Array.isArray(reply) ? reply.map(String) : [];
  if (run !== undefined && (outcome === 'first' || outcome === 'repeated' || outcome === 'forgotten')) {
    return { outcome, run, since: Number(since) };
  }
  throw new Error('Redis gave an answer that the script does not give');
}
