import { AUTHORIZED, startEchoServer } from '../harness/countersign.ts';
import { ECHO } from '../harness/echo-call.ts';
import { httpSlice } from '../harness/http-slice.ts';
import { interleave, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { repeated, withHeaders } from '../harness/requests.ts';
import type { Row } from '../harness/row.ts';
import { startBareNest } from '../peers/start.ts';

async function start(plan: Plan): Promise<Slices> {
  const own = await startEchoServer({ plan, env: {}, core: 'server' });
  const nest = await startBareNest(plan);
  await own.answers('/healthz');
  return {
    countersign: await httpSlice(own, repeated(withHeaders(ECHO, AUTHORIZED))),
    'bare nest': await httpSlice(nest, repeated(ECHO)),
  };
}

/** An authenticated JSON route, against the same POST of Nest with nothing around it. */
export const authenticatedRow: Row = {
  id: 'Q2',
  title: 'An authenticated JSON route',
  measure: async (plan) => {
    const runs = await interleave(plan, () => start(plan));
    return {
      medians: runs.medians(),
      verdicts: [
        {
          label: 'CPU per request against bare Nest',
          value: runs.ratio('countersign', 'bare nest', 'cpu_us'),
          unit: '×',
          accept: { most: 3.5 },
          aim: { most: 2 },
        },
      ],
      notes: [
        `p99 against bare Nest: ${runs.ratio('countersign', 'bare nest', 'p99_ms').toFixed(2)} ×`,
        'POST /bench/echo with four fields: API key, rule, buckets in memory, validation, schema output, response hash.',
      ],
    };
  },
};
