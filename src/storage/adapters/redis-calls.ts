import { Redis, ReplyError } from 'ioredis';
import { DependencyGate, type GateParts, Outage } from '../dependency-gate.js';
import { AnswerLimits } from './answer-limits.js';
import { gatherWrites, type RedisClient } from './redis-client.js';
import { EVICTS, type Script } from './redis-scripts.js';
import { SilenceWatch } from './silence-watch.js';

/** Replies by which a server says that it cannot serve now. */
const NOT_NOW =
  /^(LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|MOVED|ASK|NOREPLICAS|MISCONF|OOM|NOAUTH|WRONGPASS)\b/;

/** Commands that end in time, whatever the server does, and at once while it is known to be away. */
export class RedisCalls {
  private readonly gate: DependencyGate;
  private readonly limits: AnswerLimits;
  /** A cluster's client ends silent connections itself. */
  private readonly silence: SilenceWatch | undefined;

  /** @param timeoutMs longest wait for one answer */
  constructor(
    private readonly client: RedisClient,
    timeoutMs: number,
    parts: GateParts,
  ) {
    this.gate = new DependencyGate({ dependency: 'redis', label: 'Redis', probe: () => this.measure() }, parts);
    this.limits = new AnswerLimits(timeoutMs);
    this.silence = client instanceof Redis ? new SilenceWatch(client, timeoutMs) : undefined;
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

  /** A script that touches no key, by its text, on every server that takes writes. */
  runOnEach({ lua }: Script): Promise<readonly unknown[]> {
    const servers = this.client instanceof Redis ? [this.client] : this.client.nodes('master');
    return Promise.all(servers.map((server) => this.bounded(() => server.evalBuffer(lua, 0))));
  }

  ping(): Promise<number> {
    return this.gate.run(() => this.measure());
  }

  /** By its hash; a server that does not know the script, or forgot it, is sent the text. */
  private evaluate(
    { sha1, lua }: Script,
    keys: readonly string[],
    told: readonly (string | Buffer)[],
  ): Promise<unknown> {
    const answer = this.client.evalshaBuffer(sha1, keys.length, ...keys, ...told);
    return answer.catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.client.evalBuffer(lua, keys.length, ...keys, ...told);
    });
  }

  private async measure(): Promise<number> {
    const start = performance.now();
    await this.bounded(() => this.client.ping());
    return performance.now() - start;
  }

  /** The driver's own limits pass while the process is too busy to read the answer. */
  private bounded<T>(command: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = (): void => {
        this.silence?.overdue();
        reject(new Outage('store', new Error('Redis did not answer in time')));
      };
      const over = this.limits.begin(late);
      const end = (answer: T): void => {
        over();
        this.silence?.heard();
        resolve(answer);
      };
      const fail = (error: unknown): void => {
        over();
        if (error instanceof ReplyError) this.silence?.heard();
        reject(outageOf(error) ?? error);
      };
      gatherWrites(this.client);
      try {
        command().then(end, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** Anything but a reply is the connection's fault; a server that evicts still serves whoever can do with that. */
function outageOf(error: unknown): Outage | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!(error instanceof ReplyError) || NOT_NOW.test(error.message)) return new Outage('store', error);
  return isEviction(error) ? new Outage('call', error) : undefined;
}

/** Whether a script was refused because the server evicts. */
export const isEviction = (error: unknown): boolean =>
  error instanceof Error && error instanceof ReplyError && error.message.startsWith(EVICTS);
