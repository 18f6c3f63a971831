import { randomUUID } from 'node:crypto';
import { startPostgres } from '../../support/postgres.ts';
import { startRedis } from '../../support/redis.ts';
import { startEchoServer } from '../harness/countersign.ts';
import { ECHO } from '../harness/echo-call.ts';
import { httpSlice } from '../harness/http-slice.ts';
import { interleave, type Measurements, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { mustRefuse } from '../harness/refusal.ts';
import { type Call, repeated, SingleUse, withHeaders } from '../harness/requests.ts';
import type { Row, Verdict } from '../harness/row.ts';
import { SIGNER_ENV, signedCall } from '../harness/signed-call.ts';
import { startBareFastify, startFastifyRedis } from '../peers/start.ts';

const SIGNED = 'signed';
const KEYED = 'signed, idempotent';
const BARE = 'bare fastify';
const ASKING = 'fastify and one script';

const signed = (): Call => signedCall(ECHO);
const keyed = (): Call => withHeaders(signed(), { 'idempotency-key': randomUUID() });

async function start(plan: Plan, stores: Readonly<Record<'REDIS_URL' | 'DATABASE_URL', string>>): Promise<Slices> {
  const own = await startEchoServer({ plan, env: { ...stores, ...SIGNER_ENV }, core: 'server' });
  const fastify = await startBareFastify(plan);
  const asking = await startFastifyRedis(plan, stores.REDIS_URL);
  await own.answers('/healthz');
  await mustRefuse(own, { ...signed(), body: '{}' }, 'INVALID_SIGNATURE');
  return {
    [SIGNED]: await httpSlice(own, new SingleUse(signed)),
    [KEYED]: await httpSlice(own, new SingleUse(keyed)),
    [BARE]: await httpSlice(fastify, repeated(ECHO)),
    [ASKING]: await httpSlice(asking, repeated(ECHO)),
  };
}

const verdictsOf = (runs: Measurements): readonly Verdict[] =>
  [SIGNED, KEYED].flatMap((variant): Verdict[] => [
    {
      label: `${variant}: requests/s against bare Fastify`,
      value: runs.ratio(variant, BARE, 'per_s'),
      unit: '×',
      accept: { least: 0.33 },
      aim: { least: 0.5 },
    },
    {
      label: `${variant}: CPU per request against bare Fastify`,
      value: runs.ratio(variant, BARE, 'cpu_us'),
      unit: '×',
      accept: { most: 2.6 },
      aim: { most: 1.6 },
    },
  ]);

/** A signed JSON route whose nonces and buckets are shared by all instances, against the same POST of Fastify alone. */
export const signedRow: Row = {
  id: 'Q3',
  title: 'A signed JSON route, with Redis',
  measure: async (plan) => {
    await using redis = await startRedis();
    await using postgres = await startPostgres({ fsync: 'on' });
    const stores = { REDIS_URL: redis.url, DATABASE_URL: await postgres.database() };
    const runs = await interleave(plan, () => start(plan, stores));
    const against = (metric: string): string => runs.ratio(ASKING, BARE, metric).toFixed(2);
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: [
        `Fastify that asks Redis once and does nothing else: ${against('cpu_us')} × the CPU, ${against('per_s')} × the rate of bare Fastify;`,
        `a signed request costs ${runs.ratio(SIGNED, ASKING, 'cpu_us').toFixed(1)} × the CPU of that.`,
        'POST /bench/echo with four fields, HMAC over each request; nonce and buckets in Redis, which shares a core with the load.',
        'Idempotent: each request with a key of its own, so each is recorded. That is durable and in SQL (docs/adr/0008): two',
        'transactions in PostgreSQL with fsync, beside Redis. Waiting for them counts in requests/s; the CPU is the service’s alone.',
      ],
    };
  },
};
