import { randomUUID } from 'node:crypto';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { startEchoServer } from '../harness/countersign.ts';
import { ECHO } from '../harness/echo-call.ts';
import { httpSlice } from '../harness/http-slice.ts';
import { interleave, type Measurements, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { mustRefuse } from '../harness/refusal.ts';
import { type Call, repeated, SingleUse, withHeaders } from '../harness/requests.ts';
import type { Row, Verdict } from '../harness/row.ts';
import { SIGNER_ENV, signedCall } from '../harness/signed-call.ts';
import { startBareFastify, startFastifyPostgres, startFastifyRedis } from '../peers/start.ts';

const SIGNED = 'signed';
const KEYED = 'signed, idempotent';
const BARE = 'bare fastify';
const ASKING = 'fastify and one script';
const RECORDING = 'fastify and two statements';

/** Of both who record. */
const POOL_SIZE = 10;

const withKey = (call: Call): Call => withHeaders(call, { 'idempotency-key': randomUUID() });
const signed = (): Call => signedCall(ECHO);

async function start(plan: Plan, redis: RedisServer, postgres: PostgresServer): Promise<Slices> {
  const stores = {
    REDIS_URL: redis.url,
    DATABASE_URL: await postgres.database(),
    DATABASE_POOL_SIZE: `${POOL_SIZE}`,
  };
  const own = await startEchoServer({ plan, env: { ...stores, ...SIGNER_ENV }, core: 'server' });
  const fastify = await startBareFastify(plan);
  const asking = await startFastifyRedis(plan, redis.url);
  const recording = await startFastifyPostgres(plan, await postgres.database(), POOL_SIZE);
  await own.answers('/healthz');
  await mustRefuse(own, { ...signed(), body: '{}' }, 'INVALID_SIGNATURE');
  return {
    [SIGNED]: await httpSlice(own, new SingleUse(signed)),
    [KEYED]: await httpSlice(own, new SingleUse(() => withKey(signed()))),
    [BARE]: await httpSlice(fastify, repeated(ECHO)),
    [ASKING]: await httpSlice(asking, repeated(ECHO)),
    [RECORDING]: await httpSlice(recording, new SingleUse(() => withKey(ECHO))),
  };
}

/** What is durable is compared with what is: no answer that waits for a disk twice is a third as fast as one that does nothing. */
const verdictsOf = (runs: Measurements): readonly Verdict[] => [
  ...verdictsOn(runs, SIGNED, { peer: BARE, name: 'bare Fastify' }),
  ...verdictsOn(runs, KEYED, { peer: RECORDING, name: 'Fastify that records it' }),
];

const verdictsOn = (
  runs: Measurements,
  variant: string,
  { peer, name }: Readonly<Record<'peer' | 'name', string>>,
): readonly Verdict[] => [
  {
    label: `${variant}: requests/s against ${name}`,
    value: runs.ratio(variant, peer, 'per_s'),
    unit: '×',
    accept: { least: 0.33 },
    aim: { least: 0.5 },
  },
  {
    label: `${variant}: CPU per request against ${name}`,
    value: runs.ratio(variant, peer, 'cpu_us'),
    unit: '×',
    accept: { most: 2.6 },
    aim: { most: 1.6 },
  },
];

/** A signed JSON route whose nonces and buckets are shared by all instances, against the same POST of Fastify alone. */
export const signedRow: Row = {
  id: 'Q3',
  title: 'A signed JSON route, with Redis',
  measure: async (plan) => {
    await using redis = await startRedis();
    await using postgres = await startPostgres({ fsync: 'on' });
    const runs = await interleave(plan, () => start(plan, redis, postgres));
    const against = (variant: string, metric: string): string => runs.ratio(variant, BARE, metric).toFixed(2);
    const ofBare = (variant: string): string =>
      `${against(variant, 'cpu_us')} × the CPU, ${against(variant, 'per_s')} × the rate of bare Fastify`;
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: [
        `Fastify that asks Redis once and does nothing else: ${ofBare(ASKING)};`,
        `a signed request costs ${runs.ratio(SIGNED, ASKING, 'cpu_us').toFixed(1)} × the CPU of that.`,
        'POST /bench/echo with four fields, HMAC over each request; nonce and buckets in Redis, which shares a core with the load.',
        'Idempotent: each request with a key of its own, so each is recorded before it runs and once more with its answer. That is',
        'durable and in SQL (docs/adr/0008), and so is what it is compared with: Fastify with the same two statements on the same',
        `PostgreSQL with fsync, and nothing else: ${ofBare(RECORDING)};`,
        `ours: ${ofBare(KEYED)}. Waiting for the disk counts in requests/s; the CPU is the service’s alone.`,
      ],
    };
  },
};
