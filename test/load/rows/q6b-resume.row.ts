import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { startRedis } from '../../support/redis.ts';
import { countEvents, markOf } from '../harness/bench-event.ts';
import { AUTHORIZED, startStreamServer } from '../harness/countersign.ts';
import { interleave, type Measurements, type Slice, type Slices } from '../harness/interleave.ts';
import { quantile } from '../harness/numbers.ts';
import type { Plan } from '../harness/plan.ts';
import { openIn } from '../harness/producers.ts';
import { type Row, RunFailed, type Verdict } from '../harness/row.ts';
import type { Server } from '../harness/server.ts';
import { openStream, receive, type StreamTarget } from '../harness/stream-client.ts';
import { cpuMicroseconds } from '../harness/usage.ts';
import { startResumable } from '../peers/start.ts';

const FEW = 256;
const MANY = 10_000;
/** Between two resumes, so that the clean-up after one is not counted with the next. */
const PAUSE_MS = 1;

interface Resumed {
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** One resume from the begin, on a connection of its own, until the last stored event is there; the stream is live. */
async function resume(target: StreamTarget, events: number): Promise<Resumed> {
  const stream = await openStream(target);
  const { bytes, firstAt, lastEventAt } = await receive(stream, markOf(events));
  await stream.close();
  const received = countEvents(bytes);
  if (received !== events) throw new RunFailed(`${target.path}: ${received} events instead of ${events}`);
  return { firstByteMs: firstAt - stream.sentAt, totalMs: lastEventAt - stream.sentAt };
}

function resumeSlice(server: Server, target: StreamTarget, events: number): Slice {
  return async (ms) => {
    const before = cpuMicroseconds(server.pid);
    const resumed: Resumed[] = [];
    const deadline = performance.now() + ms;
    while (performance.now() < deadline) {
      resumed.push(await resume(target, events));
      await delay(PAUSE_MS);
    }
    const cpu = cpuMicroseconds(server.pid) - before;
    const at = (q: number, pick: (one: Resumed) => number): number => quantile(resumed.map(pick), q);
    return {
      p50_ms: at(0.5, ({ totalMs }) => totalMs),
      p99_ms: at(0.99, ({ totalMs }) => totalMs),
      first_p50_ms: at(0.5, ({ firstByteMs }) => firstByteMs),
      cpu_us: cpu / resumed.length,
    };
  };
}

/** A stream of the service whose producer lives, resumed by `Last-Event-ID`. */
async function ownSlice(server: Server, events: number): Promise<Slice> {
  const { streamId } = await openIn(server.child, events);
  const headers = { ...AUTHORIZED, 'last-event-id': '0' };
  return resumeSlice(server, { port: server.port, path: `/v1/streams/${streamId}/events`, headers }, events);
}

/** The same stream store without authentication, limits, log and metrics in front, as the peer has none. */
async function plainSlice(server: Server, port: number, events: number): Promise<Slice> {
  const { streamId } = await openIn(server.child, events);
  return resumeSlice(server, { port, path: `/${streamId}`, headers: {} }, events);
}

async function peerSlice(server: Server, events: number): Promise<Slice> {
  const { streamId } = await openIn(server.child, events);
  return resumeSlice(server, { port: server.port, path: `/streams/${streamId}`, headers: {} }, events);
}

async function start(plan: Plan, redisUrl: string): Promise<Slices> {
  // Room for the token events between the many.
  const env = { SSE_BUFFER_MAX_EVENTS: String(2 * MANY) };
  const plainPort = await freePort();
  const shared = { ...env, REDIS_URL: redisUrl, PLAIN_PORT: String(plainPort) };
  const redis = await startStreamServer({ plan, env: shared, core: 'server' });
  const memory = await startStreamServer({ plan, env, core: 'server' });
  await Promise.all([redis.answers('/healthz'), memory.answers('/healthz')]);
  const peer = await startResumable(plan, redisUrl, 'server');
  return {
    'redis 256': await ownSlice(redis, FEW),
    'redis 256, plain': await plainSlice(redis, plainPort, FEW),
    'memory 256': await ownSlice(memory, FEW),
    'resumable-stream 256': await peerSlice(peer, FEW),
    'redis 10,000': await ownSlice(redis, MANY),
    'memory 10,000': await ownSlice(memory, MANY),
  };
}

function verdictsOf(runs: Measurements): readonly Verdict[] {
  const few = (store: string): Verdict => ({
    label: `p50 of 256 events, ${store}`,
    value: runs.value(`${store} 256`, 'p50_ms'),
    unit: 'ms',
    accept: { most: 2 },
    aim: { most: 0.5 },
  });
  const many = (store: string): Verdict => ({
    label: `first byte of 10,000 events, ${store}`,
    value: runs.value(`${store} 10,000`, 'first_p50_ms'),
    unit: 'ms',
    accept: { most: 25 },
    aim: { most: 10 },
  });
  const faster = (variant: string, label: string): Verdict => ({
    label: `256 events, ${label}, times as fast as resumable-stream`,
    value: runs.ratio('resumable-stream 256', variant, 'p50_ms'),
    unit: '×',
    accept: { least: 1.5 },
    aim: { least: 2.5 },
  });
  return [
    ...[few('redis'), few('memory'), many('redis'), many('memory')],
    faster('redis 256', 'the whole service'),
    faster('redis 256, plain', 'behind as plain a server'),
  ];
}

/** A reader that comes back, over HTTP, while the producer lives: `resumable-stream` has nothing afterwards. */
export const resumeRow: Row = {
  id: 'Q6b',
  title: 'Resume of stored events over HTTP',
  measure: async (plan) => {
    await using redis = await startRedis();
    const runs = await interleave(plan, () => start(plan, redis.url));
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: ['One reader at a time, each on a new connection; the time to connect is not counted.'],
    };
  },
};
