import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../support/postgres.ts';
import { startRedis } from '../../support/redis.ts';
import { chatCall, routes } from '../harness/chat-call.ts';
import { streamChat } from '../harness/chat-streams.ts';
import { startCountersign } from '../harness/countersign.ts';
import { type Governed, governedEnv } from '../harness/governed.ts';
import { interleave, type Measurements, type Slice, type Slices } from '../harness/interleave.ts';
import { quantile } from '../harness/numbers.ts';
import type { Plan } from '../harness/plan.ts';
import type { Call } from '../harness/requests.ts';
import { type Row, RunFailed, type Verdict } from '../harness/row.ts';
import type { Server } from '../harness/server.ts';
import { cpuMicroseconds } from '../harness/usage.ts';
import { startFixedModel, startPortkey } from '../peers/start.ts';

const LOGGED = 'log in Redis';
const LOCAL = 'log in memory';
const PEER = 'portkey';
const DIRECT = 'the model itself';

const WORDS = 256;
const ONE = `words=${WORDS} pause=1`;
const SHORT = 'words=2 pause=1';
/** Short streams before the first that counts: a slice has a handful, too few for the compiler to be done with their beginning. */
const WARM_UPS = 800;
const WARM_UPS_AT_ONCE = 8;
/** Twenty words a second, for three seconds. */
const SLOW = 'words=60 pause=50';
const MOST_GAP_MS = 1_000;
/** Streams at once; the last number without a stall counts. */
const CROWDS = [64, 128, 256, 512, 1_024];
/** Between two streams, so that the end of one is not counted with the next. */
const PAUSE_MS = 20;

/** One stream after the other. */
async function slice(server: Server, callOf: (words: string) => Call): Promise<Slice> {
  await warmUp(server, callOf(SHORT));
  const call = callOf(ONE);
  return async (ms) => {
    const firsts: number[] = [];
    const before = cpuMicroseconds(server.pid);
    const deadline = performance.now() + ms;
    while (performance.now() < deadline) {
      const { firstMs, words } = await streamChat(server.port, call);
      if (words !== WORDS) throw new RunFailed(`${words} words instead of ${WORDS}`);
      firsts.push(firstMs);
      await delay(PAUSE_MS);
    }
    const cpu = cpuMicroseconds(server.pid) - before;
    return { first_p50_ms: quantile(firsts, 0.5), event_cpu_us: cpu / (firsts.length * WORDS) };
  };
}

async function warmUp(server: Server, call: Call): Promise<void> {
  for (let done = 0; done < WARM_UPS; done += WARM_UPS_AT_ONCE) {
    await Promise.all(Array.from({ length: WARM_UPS_AT_ONCE }, () => streamChat(server.port, call)));
  }
}

async function start(plan: Plan, shared: Omit<Governed, 'model' | 'redaction'>): Promise<Slices> {
  const model = await startFixedModel(plan);
  const own = async (stores: Governed['stores']): Promise<Slice> => {
    const env = governedEnv({ model, scratch: shared.scratch, stores, redaction: 'both' });
    const server = await startCountersign({ plan, env, core: 'server' });
    await server.answers('/healthz');
    return slice(server, (words) => chatCall(routes.own, words, true));
  };
  const { REDIS_URL: _redis, ...sqlOnly } = shared.stores;
  const portkey = await startPortkey(plan);
  return {
    [LOGGED]: await own(shared.stores),
    [LOCAL]: await own(sqlOnly),
    [PEER]: await slice(portkey, (words) => chatCall(routes.portkey(model), words, true)),
    [DIRECT]: await slice(model, (words) => chatCall(routes.model, words, true)),
  };
}

/** How many streams at once no reader of which waits longer than a second for a word. */
async function stallFree(plan: Plan, shared: Omit<Governed, 'model' | 'redaction'>): Promise<number> {
  const model = await startFixedModel(plan);
  const env = governedEnv({ model, redaction: 'both', ...shared });
  const server = await startCountersign({ plan, env, core: 'server' });
  await server.answers('/healthz');
  const call = chatCall(routes.own, SLOW, true);
  let most = 0;
  for (const crowd of CROWDS) {
    const streams = await Promise.all(Array.from({ length: crowd }, () => streamChat(server.port, call)));
    if (streams.some(({ longestGapMs }) => longestGapMs > MOST_GAP_MS)) break;
    most = crowd;
  }
  await Promise.all([server.stop(), model.stop()]);
  return most;
}

function verdictsOf(runs: Measurements, most: number): readonly Verdict[] {
  const added = (variant: string): number => runs.difference(variant, DIRECT, 'first_p50_ms');
  return [
    {
      label: 'added time to the first word against Portkey',
      value: added(LOGGED) / added(PEER),
      unit: '×',
      accept: { most: 1 / 8 },
      aim: { most: 1 / 30 },
    },
    {
      label: 'CPU per event against Portkey',
      value: runs.ratio(LOGGED, PEER, 'event_cpu_us'),
      unit: '×',
      accept: { most: 1 },
      aim: { most: 0.5 },
    },
    {
      label: 'CPU per event, log in Redis against log in memory',
      value: runs.ratio(LOGGED, LOCAL, 'event_cpu_us'),
      unit: '×',
      accept: { most: 1.6 },
      aim: { most: 1.15 },
    },
    { label: 'streams without a stall', value: most, unit: 'streams', accept: { least: 256 }, aim: { least: 1_000 } },
  ];
}

/** Chat completions as streams of 256 words, a millisecond apart; each is kept in a log before it is passed on. */
export const streamsRow: Row = {
  id: 'Q6',
  title: 'Streams through the gateway',
  measure: async (plan) => {
    await using redis = await startRedis();
    await using postgres = await startPostgres({ fsync: 'on' });
    using scratch = mkdtempDisposableSync(`${tmpdir()}/countersign-bench-`);
    const shared = {
      stores: { REDIS_URL: redis.url, DATABASE_URL: await postgres.database() },
      scratch: scratch.path,
    };
    const most = await stallFree(plan, shared);
    const runs = await interleave(plan, () => start(plan, shared));
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs, most),
      notes: [
        'One stream at a time for the first three; redaction both ways, quota and ledger on. No stream goes unlogged here, so the',
        'log in memory stands for one that is not. Streams without a stall: 20 words a second each, on one core.',
      ],
    };
  },
};
