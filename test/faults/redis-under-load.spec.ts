import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CAPACITY } from './redis-load/callers.ts';
import { type Fault, type Outcome, suffer } from './redis-load/scenario.ts';
import { startWorld, type World } from './redis-load/world.ts';

/** A start of everything, or one fault from beginning to end, on a machine that is busy with other things. */
const LIMIT_MS = 180_000;
const MINUTE_S = 60;

let world: World;
let run = 0;

beforeAll(async () => {
  world = await startWorld();
}, LIMIT_MS);
afterAll(async () => world?.[Symbol.asyncDispose]());

const redis = () => world.redis;
const nothing = (): void => undefined;

/** A fault, and how often it empties the buckets' home. */
const FAULTS: readonly (readonly [title: string, fault: Fault, losses: 0 | 1])[] = [
  [
    'is killed and started anew, empty',
    { kind: 'away', strike: () => redis().kill(), lift: () => redis().restart() },
    1,
  ],
  ['freezes and thaws', { kind: 'away', strike: () => redis().freeze(), lift: () => redis().thaw() }, 0],
  ['is flushed', { kind: 'brief', strike: async () => void (await redis().command('flushall')), lift: nothing }, 1],
  [
    'is shut down in order and started again with its data',
    {
      kind: 'brief',
      strike: async () => void (await redis().command('shutdown', 'save')),
      lift: () => redis().restart(),
    },
    0,
  ],
  [
    'drops every connection',
    {
      kind: 'brief',
      strike: async () => void (await redis().command('client', 'kill', 'skipme', 'yes')),
      lift: nothing,
    },
    0,
  ],
  [
    'has no memory left for a while',
    {
      kind: 'partial',
      strike: async () => void (await redis().command('config', 'set', 'maxmemory', '1')),
      lift: async () => void (await redis().command('config', 'set', 'maxmemory', '0')),
    },
    0,
  ],
];

/** Granted to one process after the other had its last answer of Redis. */
const UNHEARD_OF = 3;

/** Requests of the capped caller: those that were granted, and of them those that no process granted on its own. */
function grantsOf({ observed }: Outcome) {
  const capped = observed.filter(({ kind }) => kind === 'capped');
  const granted = capped.filter(({ answer }) => answer !== '429 RATE_LIMITED');
  return {
    asked: capped.length,
    all: granted.length,
    shared: granted.filter(({ degraded }) => degraded === '').length,
  };
}

/** Briefs with a key that the model was asked about more than once, or never. */
function ranTwice({ jobs }: Outcome): readonly string[] {
  const asked = world.upstream.requests.map(({ body }) => JSON.stringify(body));
  return jobs.keyedBriefs.filter((brief) => asked.filter((text) => text.includes(brief)).length !== 1);
}

describe('two processes under load, and Redis', () => {
  it.each(FAULTS)(
    '%s: every answer is one of the failure table, in time',
    async (_title, fault, losses) => {
      const outcome = await suffer(world, fault, run++);
      expect({ faults: outcome.faults, seen: outcome.tally }).toEqual({ faults: [], seen: outcome.tally });
      expect(outcome.replayed.filter(({ answer }) => !answer.startsWith('401'))).toEqual([]);
      expect(ranTwice(outcome)).toEqual([]);
      const { asked, all, shared } = grantsOf(outcome);
      const refilled = (CAPACITY / MINUTE_S) * outcome.lastedS;
      expect(asked).toBeGreaterThan(all);
      expect(all).toBeGreaterThanOrEqual(CAPACITY);
      // Redis grants a bucket and what flows into it, and another one when it has lost the first.
      expect(shared).toBeLessThanOrEqual(CAPACITY * (1 + losses) + refilled);
      // On their own the processes grant what was left as far as each knew, and what flows in: into Redis meanwhile, too.
      expect(all).toBeLessThanOrEqual(CAPACITY * (1 + losses) + UNHEARD_OF + 2 * refilled);
    },
    LIMIT_MS,
  );
});
