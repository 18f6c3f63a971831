import { startCountersign } from '../harness/countersign.ts';
import { httpSlice } from '../harness/http-slice.ts';
import { interleave, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { type Call, repeated } from '../harness/requests.ts';
import type { Row } from '../harness/row.ts';
import { startBareFastify, startBareNest } from '../peers/start.ts';

const CALL: Call = { method: 'GET', path: '/healthz', headers: {}, body: '' };

async function start(plan: Plan): Promise<Slices> {
  const own = await startCountersign({ plan, env: {}, core: 'server' });
  const nest = await startBareNest(plan);
  const fastify = await startBareFastify(plan);
  await own.answers(CALL.path);
  return {
    countersign: await httpSlice(own, repeated(CALL)),
    'bare nest': await httpSlice(nest, repeated(CALL)),
    'bare fastify': await httpSlice(fastify, repeated(CALL)),
  };
}

/** A public route through the whole edge, against the same answer of Nest with nothing around it. */
export const edgeRow: Row = {
  id: 'Q1',
  title: 'A public route through the whole edge',
  measure: async (plan) => {
    const runs = await interleave(plan, () => start(plan));
    return {
      medians: runs.medians(),
      verdicts: [
        {
          label: 'CPU per request against bare Nest',
          value: runs.ratio('countersign', 'bare nest', 'cpu_us'),
          unit: '×',
          accept: { most: 2 },
          aim: { most: 1.4 },
        },
      ],
      notes: [
        `p99 against bare Nest: ${runs.ratio('countersign', 'bare nest', 'p99_ms').toFixed(2)} ×`,
        'GET /healthz; the log is written at level info to a sink that costs nothing.',
      ],
    };
  },
};
