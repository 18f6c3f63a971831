import { startRedis } from '../../support/redis.ts';
import { countEvents } from '../harness/bench-event.ts';
import { AUTHORIZED, startStreamServer } from '../harness/countersign.ts';
import { interleave, type Slice, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { openIn } from '../harness/producers.ts';
import { type Row, RunFailed } from '../harness/row.ts';
import type { Server } from '../harness/server.ts';
import { openStream, receive } from '../harness/stream-client.ts';
import { cpuMicroseconds } from '../harness/usage.ts';
import { startResumable } from '../peers/start.ts';

interface TailParts {
  readonly producer: Server;
  readonly reader: Server;
  readonly pathOf: (streamId: string) => string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One stream: its producer writes for `ms` in one process, another process follows it for one HTTP caller. */
function tailSlice({ producer, reader, pathOf, headers }: TailParts): Slice {
  return async (ms) => {
    const { streamId, run } = await openIn(producer.child, 1);
    const stream = await openStream({ port: reader.port, path: pathOf(streamId), headers });
    const before = [cpuMicroseconds(producer.pid), cpuMicroseconds(reader.pid)] as const;
    const begin = performance.now();
    const [events, received] = await Promise.all([run(ms), receive(stream, undefined)]);
    const seconds = (received.lastEventAt - begin) / 1_000;
    const count = countEvents(received.bytes);
    if (count !== events) throw new RunFailed(`${count} of ${events} events arrived`);
    return {
      events_per_s: events / seconds,
      producer_cpu_us: (cpuMicroseconds(producer.pid) - before[0]) / events,
      reader_cpu_us: (cpuMicroseconds(reader.pid) - before[1]) / events,
    };
  };
}

async function start(plan: Plan, redisUrl: string): Promise<Slices> {
  // Nothing may be trimmed while the reader is behind.
  const env = { REDIS_URL: redisUrl, SSE_BUFFER_MAX_EVENTS: '10000000', SSE_BUFFER_MAX_SIZE_MB: '1024' };
  const own = {
    producer: await startStreamServer({ plan, env, core: 'load' }),
    reader: await startStreamServer({ plan, env, core: 'server' }),
    pathOf: (streamId: string) => `/v1/streams/${streamId}/events`,
    headers: { ...AUTHORIZED, 'last-event-id': '0' },
  };
  await Promise.all([own.producer.answers('/healthz'), own.reader.answers('/healthz')]);
  const peer = {
    producer: await startResumable(plan, redisUrl, 'load'),
    reader: await startResumable(plan, redisUrl, 'server'),
    pathOf: (streamId: string) => `/streams/${streamId}`,
    headers: {},
  };
  return { countersign: tailSlice(own), 'resumable-stream': tailSlice(peer) };
}

/** How fast events come through to a reader that is there all along. */
export const tailRow: Row = {
  id: 'Q6c',
  title: 'Live tail across two processes',
  measure: async (plan) => {
    await using redis = await startRedis();
    const runs = await interleave(plan, () => start(plan, redis.url));
    return {
      medians: runs.medians(),
      verdicts: [
        {
          label: 'events/s against resumable-stream',
          value: runs.ratio('countersign', 'resumable-stream', 'events_per_s'),
          unit: '×',
          accept: { least: 5 },
          aim: { least: 20 },
        },
      ],
      notes: ['The reading process has a core of its own; producer, Redis and the HTTP caller share the other.'],
    };
  },
};
