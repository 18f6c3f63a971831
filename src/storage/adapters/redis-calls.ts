import { ReplyError } from 'ioredis';
import { DependencyGate, type GateParts, Outage } from '../dependency-gate.js';
import { attentiveLimit } from './attentive-limit.js';
import type { RedisClient } from './redis-client.js';
import type { Script } from './redis-scripts.js';

/** Replies by which a server says that it cannot serve now. */
const NOT_NOW =
  /^(LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|MOVED|ASK|NOREPLICAS|MISCONF|OOM|NOAUTH|WRONGPASS)\b/;

/** Commands that end in time, whatever the server does, and at once while it is known to be away. */
export class RedisCalls {
  private readonly gate: DependencyGate;

  /** @param timeoutMs longest wait for one answer */
  constructor(
    private readonly client: RedisClient,
    private readonly timeoutMs: number,
    parts: GateParts,
  ) {
    this.gate = new DependencyGate({ dependency: 'redis', label: 'Redis', probe: () => this.measure() }, parts);
  }

  /** Resolves when it is known whether the server is there. */
  settle(): Promise<void> {
    return this.gate.settle();
  }

  close(): void {
    this.gate.close();
  }

  call<T>(command: () => Promise<T>): Promise<T> {
    return this.gate.run(() => this.bounded(command));
  }

  run(script: Script, keys: readonly string[], told: readonly (string | Buffer)[]): Promise<unknown> {
    return this.call(() => this.evaluate(script, keys, told));
  }

  /** Without asking the gate: for a server that has just been found. */
  runAnyway(script: Script, keys: readonly string[], told: readonly (string | Buffer)[]): Promise<unknown> {
    return this.bounded(() => this.evaluate(script, keys, told));
  }

  ping(): Promise<number> {
    return this.gate.run(() => this.measure());
  }

  /** By its hash; a server that does not know the script, or forgot it, is sent the text. */
  private async evaluate(
    { sha1, lua }: Script,
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

  private async measure(): Promise<number> {
    const start = performance.now();
    await this.bounded(() => this.client.ping());
    return performance.now() - start;
  }

  /** The driver's own limit starts when a command is sent; this one counts the wait before it too. */
  private bounded<T>(command: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Outage('store', new Error('Redis did not answer in time')));
      const callOff = attentiveLimit(this.timeoutMs, late);
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
