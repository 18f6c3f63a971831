import { BUCKETS, type Conduct } from '../harness/bucket-population.ts';
import { interleave, type Measurements, type Slice } from '../harness/interleave.ts';
import { sampleOf } from '../harness/lone-process.ts';
import type { Plan } from '../harness/plan.ts';
import type { Row, Verdict } from '../harness/row.ts';

const STORE = new URL('../bucket-store.ts', import.meta.url);
const CONDUCTS: readonly Conduct[] = ['all come back', 'all stay away'];

const count = BUCKETS.toLocaleString('en');

const slice =
  (plan: Plan, conduct: Conduct): Slice =>
  () =>
    sampleOf(plan, STORE, conduct);

const verdictsOf = (runs: Measurements): readonly Verdict[] => [
  {
    label: 'bytes per bucket',
    value: runs.value('all come back', 'bytes_per_bucket'),
    unit: 'B',
    accept: { most: 300 },
    aim: { most: 150 },
  },
  {
    label: `timers made for ${count} buckets`,
    value: runs.value('all come back', 'timers'),
    unit: 'timers',
    accept: { most: 0 },
    aim: { most: 0 },
  },
  ...CONDUCTS.map(
    (conduct): Verdict => ({
      label: `p99 of a sweep, ${conduct}`,
      value: runs.value(conduct, 'sweep_p99_ms'),
      unit: 'ms',
      accept: { most: 5 },
      aim: { most: 5 },
    }),
  ),
];

/** The in-process store with everybody in it, in a process of its own. */
export const bucketsRow: Row = {
  id: 'Q8',
  title: 'Buckets in memory',
  measure: async (plan) => {
    // A slice is a whole process, so rounds are enough and nothing can be warmed up.
    const slices = Object.fromEntries(CONDUCTS.map((conduct) => [conduct, slice(plan, conduct)]));
    const runs = await interleave({ ...plan, starts: 1, warmUps: 0 }, async () => slices);
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: [
        `${count} buckets: 10,000 tenants with 10 principals each, whose ids are of the length of real ones. The JavaScript heap`,
        'and array buffers after a collection, against before; `bytes_afterwards` once the sweeps that count are over.',
      ],
    };
  },
};
