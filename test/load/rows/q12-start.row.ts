import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../support/postgres.ts';
import { startRedis } from '../../support/redis.ts';
import { AUTHORIZED, startCountersign } from '../harness/countersign.ts';
import { interleave, type Measurements, type Slice } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import type { Row, Verdict } from '../harness/row.ts';
import { residentMebibytes } from '../harness/usage.ts';

/** Idle time before memory is read, in slices. */
const IDLE_SLICES = 5;

/** One start of the service; `dataDir` decides whether it is a first one. */
const startSlice =
  (plan: Plan, env: Readonly<Record<string, string>>, dataDir: () => string): Slice =>
  async (ms) => {
    const server = await startCountersign({ plan, env, core: 'server', dataDir: dataDir() });
    const healthy = await server.answers('/healthz');
    const authenticated = await server.answers('/v1/status', AUTHORIZED);
    await delay(IDLE_SLICES * ms);
    const resident = residentMebibytes(server.pid);
    await server.stop();
    return {
      healthy_s: (healthy - server.spawnedAt) / 1_000,
      authenticated_s: (authenticated - server.spawnedAt) / 1_000,
      idle_rss_mib: resident,
    };
  };

function verdictsOf(runs: Measurements): readonly Verdict[] {
  const bounds = [
    ['embedded, first start', 5, 3, 650, 450],
    ['embedded, again', 3, 1.5, 650, 450],
    ['PostgreSQL and Redis', 2, 1, 300, 180],
  ] as const;
  return bounds.flatMap(([variant, accept, aim, acceptRss, aimRss]): Verdict[] => [
    {
      label: `${variant}: first authenticated answer`,
      value: runs.value(variant, 'authenticated_s'),
      unit: 's',
      accept: { most: accept },
      aim: { most: aim },
    },
    {
      label: `${variant}: idle memory`,
      value: runs.value(variant, 'idle_rss_mib'),
      unit: 'MiB',
      accept: { most: acceptRss },
      aim: { most: aimRss },
    },
  ]);
}

/** From the spawn of the process to its first answers, and its memory when nothing happens. */
export const startRow: Row = {
  id: 'Q12',
  title: 'Start to first answer, idle memory',
  measure: async (plan) => {
    await using postgres = await startPostgres();
    await using redis = await startRedis();
    const shared = { DATABASE_URL: await postgres.database(), REDIS_URL: redis.url };
    using folder = mkdtempDisposableSync(join(tmpdir(), 'countersign-start-'));
    let fresh = 0;
    const empty = (): string => join(folder.path, `fresh-${++fresh}`);
    const kept = (): string => join(folder.path, 'kept');
    // A slice is a whole start, so rounds are enough; the warm-up makes `kept` and migrates PostgreSQL.
    const once = { ...plan, starts: 1, warmUps: 1 };
    const runs = await interleave(once, async () => ({
      'embedded, first start': startSlice(plan, {}, empty),
      'embedded, again': startSlice(plan, {}, kept),
      'PostgreSQL and Redis': startSlice(plan, shared, kept),
    }));
    return {
      medians: runs.medians(),
      verdicts: verdictsOf(runs),
      notes: ['The database of the third is migrated already. Memory is the resident set after five idle seconds.'],
    };
  },
};
