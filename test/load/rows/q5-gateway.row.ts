import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../support/postgres.ts';
import { startRedis } from '../../support/redis.ts';
import { chatCall, routes } from '../harness/chat-call.ts';
import { startCountersign } from '../harness/countersign.ts';
import { type Governed, governedEnv } from '../harness/governed.ts';
import { forgivingSlice, httpSlice } from '../harness/http-slice.ts';
import { interleave, type Measurements, type Slice, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { type Call, repeated } from '../harness/requests.ts';
import type { Row, Verdict } from '../harness/row.ts';
import type { Server } from '../harness/server.ts';
import { residentMebibytes } from '../harness/usage.ts';
import { startFixedModel, startPortkey } from '../peers/start.ts';

const FULL = 'everything on';
const PLAIN = 'without redaction';
const ALONE = 'without Redis';
const PEER = 'portkey';
const DIRECT = 'the model itself';
const ONE = ', 1 connection';

const QUESTION =
  'Should the harbour buy a second crane before the winter? Write to the port authority if you need figures.';

/** Under load, then one call after the other. */
async function slicesOf(name: string, server: Server, call: Call): Promise<Slices> {
  // Portkey leaves a request unanswered now and then; what it does answer is measured.
  const sliced = name === PEER ? forgivingSlice : httpSlice;
  const busy = await sliced(server, repeated(call));
  const calm = await sliced(server, repeated(call), 1);
  const sized: Slice = async (ms) => ({ ...(await busy(ms)), rss_mib: residentMebibytes(server.pid) });
  return { [name]: sized, [`${name}${ONE}`]: calm };
}

async function start(plan: Plan, shared: Omit<Governed, 'model' | 'redaction'>): Promise<Slices> {
  const model = await startFixedModel(plan);
  const own = async (name: string, terms: Pick<Governed, 'stores' | 'redaction'>): Promise<Slices> => {
    const env = governedEnv({ model, scratch: shared.scratch, ...terms });
    const server = await startCountersign({ plan, env, core: 'server' });
    await server.answers('/healthz');
    return slicesOf(name, server, chatCall(routes.own, QUESTION));
  };
  const { REDIS_URL: _redis, ...sqlOnly } = shared.stores;
  const portkey = await startPortkey(plan);
  return {
    ...(await own(FULL, { stores: shared.stores, redaction: 'both' })),
    ...(await own(PLAIN, { stores: shared.stores, redaction: 'off' })),
    ...(await own(ALONE, { stores: sqlOnly, redaction: 'both' })),
    ...(await slicesOf(PEER, portkey, chatCall(routes.portkey(model), QUESTION))),
    ...(await slicesOf(DIRECT, model, chatCall(routes.model, QUESTION))),
  };
}

const addedMs = (runs: Measurements, variant: string): number =>
  runs.difference(`${variant}${ONE}`, `${DIRECT}${ONE}`, 'p50_ms');

function verdictsOf(runs: Measurements): readonly Verdict[] {
  const against = (label: string, metric: string, most: number, aim: number): Verdict => ({
    label,
    value: runs.ratio(FULL, PEER, metric),
    unit: '×',
    accept: { most },
    aim: { most: aim },
  });
  return [
    {
      label: 'calls/s against Portkey',
      value: runs.ratio(FULL, PEER, 'per_s'),
      unit: '×',
      accept: { least: 3 },
      aim: { least: 6 },
    },
    against('CPU per call against Portkey', 'cpu_us', 0.35, 0.17),
    {
      label: 'added p50 at one connection against Portkey',
      value: addedMs(runs, FULL) / addedMs(runs, PEER),
      unit: '×',
      accept: { most: 0.8 },
      aim: { most: 0.5 },
    },
    against('resident memory against Portkey', 'rss_mib', 1, 1),
  ];
}

/** Chat completions in front of a model with a fixed answer: everything on, against a gateway with nothing on. */
export const gatewayRow: Row = {
  id: 'Q5',
  title: 'Chat completions through the gateway',
  measure: async (plan) => {
    await using redis = await startRedis();
    await using postgres = await startPostgres({ fsync: 'on' });
    using scratch = mkdtempDisposableSync(join(tmpdir(), 'countersign-bench-'));
    const stores = { REDIS_URL: redis.url, DATABASE_URL: await postgres.database() };
    const runs = await interleave(plan, () => start(plan, { stores, scratch: scratch.path }));
    const cost = (without: string): string => runs.difference(FULL, without, 'cpu_us').toFixed(0);
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: [
        `Redaction, both ways, costs ${cost(PLAIN)} µs of CPU a call; quota and ledger in Redis instead of memory ${cost(ALONE)} µs.`,
        'On: API key, buckets and token ledger in Redis, settled usage in PostgreSQL, redaction standard, metrics, one log event.',
        'Both ask the model for one JSON answer.',
      ],
    };
  },
};
