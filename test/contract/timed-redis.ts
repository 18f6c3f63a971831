import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from '../support/redis.ts';

/** A real Redis that runs rules under a clock that the test sets. */
export class TimedRedis implements AsyncDisposable {
  private constructor(
    private readonly server: RedisServer,
    private readonly client: Redis,
  ) {}

  static async start(): Promise<TimedRedis> {
    const server = await startRedis();
    return new TimedRedis(server, new Redis(server.port, '127.0.0.1'));
  }

  /** Runs a rule that reads the time from `now`; answers what it returns. */
  async run(lua: string, keys: readonly string[], told: readonly string[], now: number): Promise<unknown> {
    const timed = `local now = tonumber(table.remove(ARGV))\n${lua}`;
    const reply = await this.client.evalBuffer(timed, keys.length, ...keys, ...told, String(now));
    // A key lives by the server's own clock, which does not follow this one.
    for (const key of keys) await this.client.persist(key);
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.disconnect();
    await this.server[Symbol.asyncDispose]();
  }
}
