import { randomUUID } from 'node:crypto';
import { Degradation, type Log, SystemClock } from '#src/kernel/index.js';
import { RedisHot } from '#src/storage/adapters/redis-hot.js';
import { startRedis } from '../../support/redis.ts';
import { interleave, type Slice, type Slices } from '../harness/interleave.ts';
import { quantile } from '../harness/numbers.ts';
import type { Row } from '../harness/row.ts';
import { RunFailed } from '../harness/row.ts';

const nothing = (): void => undefined;
const LOG: Log = { info: nothing, warn: nothing, error: nothing, debug: nothing };
const CONFIG = {
  REDIS_CLUSTER: false,
  REDIS_TLS: false,
  REDIS_NAMESPACE: 'bench',
  REDIS_CONNECT_TIMEOUT: 2_000,
  REDIS_COMMAND_TIMEOUT: 2_000,
};
const UNDER_WAY = 16;
const LEASE_MS = 30_000;
const LIMIT = 1_000_000_000_000;
const HELD = 700;
const CHARGED = 420;

const tenant = 'bench';
const accounts = ['principal/key', 'tenant'].map((id) => ({
  key: { tenant, area: 'ledger' as const, id },
  limit: LIMIT,
}));
const buckets = ['standard/key', 'standard'].map((id) => ({
  key: { tenant, area: 'bucket' as const, id },
  terms: { capacity: LIMIT, refill: 1_000_000 },
}));

/** Reserved and settled: two words with the store. */
async function reserveAndSettle(hot: RedisHot): Promise<void> {
  const id = randomUUID();
  const { granted } = await hot.hold(accounts, { id, charged: 0, held: HELD, leaseMs: LEASE_MS });
  if (!granted) throw new RunFailed('A reservation was refused');
  await hot.hold(accounts, { id, charged: CHARGED, held: 0, leaseMs: LEASE_MS });
}

async function spendOnce(hot: RedisHot): Promise<void> {
  if (!(await hot.spend(buckets, 1)).granted) throw new RunFailed('A draw was refused');
}

/** Several callers, each of whom does it again and again. CPU of this process, and what the server says it used. */
function sliceOf(hot: RedisHot, serverCpu: () => Promise<number>, once: (hot: RedisHot) => Promise<void>): Slice {
  return async (ms) => {
    const took: number[] = [];
    const before = [process.cpuUsage(), await serverCpu()] as const;
    const deadline = performance.now() + ms;
    const caller = async (): Promise<void> => {
      while (performance.now() < deadline) {
        const start = performance.now();
        await once(hot);
        took.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, caller));
    const { user, system } = process.cpuUsage(before[0]);
    return {
      client_cpu_us: (user + system) / took.length,
      redis_cpu_us: ((await serverCpu()) - before[1]) / took.length,
      p50_ms: quantile(took, 0.5),
      p99_ms: quantile(took, 0.99),
    };
  };
}

/** What a call of a model adds in Redis, against the one script call that every request makes anyway. */
export const ledgerRow: Row = {
  id: 'Q7',
  title: 'Token ledger: reserve and settle',
  measure: async (plan) => {
    await using redis = await startRedis();
    const parts = { degradation: new Degradation(), clock: new SystemClock(), log: LOG };
    const hot = new RedisHot(redis.url, CONFIG, parts);
    await hot.start();
    const serverCpu = async (): Promise<number> => {
      const info = await redis.command('info', 'cpu');
      const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
      return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1_000_000;
    };
    const slices: Slices = {
      'reserve + settle': sliceOf(hot, serverCpu, reserveAndSettle),
      'one script call': sliceOf(hot, serverCpu, spendOnce),
    };
    try {
      const runs = await interleave({ ...plan, starts: 1 }, async () => slices);
      const against = (label: string, metric: string) => ({
        label,
        value: runs.ratio('reserve + settle', 'one script call', metric),
        unit: '×' as const,
        accept: { most: 2.5 },
        aim: { most: 1.5 },
      });
      return {
        medians: runs.medians(),
        verdicts: [against('CPU of the caller', 'client_cpu_us'), against('p99', 'p99_ms')],
        notes: [
          `CPU of Redis: ${runs.ratio('reserve + settle', 'one script call', 'redis_cpu_us').toFixed(2)} ×`,
          'Two accounts a call, 16 callers on one connection; the script call is the draw from two buckets.',
        ],
      };
    } finally {
      await hot.close();
    }
  },
};
