import { setTimeout as delay } from 'node:timers/promises';
import { Degradation, SystemClock } from '#src/kernel/index.js';
import { RedisHot } from '#src/storage/adapters/redis-hot.js';
import { QuietLog } from '../support/quiet-log.ts';
import type { HotSubject } from './hot.subject.ts';

export interface RedisSubject extends HotSubject, AsyncDisposable {
  readonly hot: RedisHot;
  readonly degradation: Degradation;
}

export interface RedisTerms {
  readonly cluster: boolean;
  readonly commandTimeoutMs: number;
}

/** A started client of a real Redis. */
export async function redisSubject(url: string, { cluster, commandTimeoutMs }: RedisTerms): Promise<RedisSubject> {
  const degradation = new Degradation();
  const config = {
    REDIS_CLUSTER: cluster,
    REDIS_TLS: false,
    REDIS_NAMESPACE: 'test',
    REDIS_CONNECT_TIMEOUT: 1_000,
    REDIS_COMMAND_TIMEOUT: commandTimeoutMs,
  };
  const hot = new RedisHot(url, config, { degradation, clock: new SystemClock(), log: new QuietLog() });
  await hot.start();
  return { hot, degradation, tick: (ms) => delay(ms), [Symbol.asyncDispose]: () => hot.close() };
}
