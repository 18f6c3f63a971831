import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APP_KEYS } from '../support/app.ts';
import type { Breaches } from '../support/isolation/attack.ts';
import { halves, type Mutant, mutants } from '../support/isolation/mutants.ts';
import { attackOn } from '../support/isolation/phases.ts';
import { AttackedWorld } from '../support/isolation/world.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { startService } from '../support/service-process.ts';

const HOOK = pathToFileURL(join(import.meta.dirname, '../support/isolation/mutation.mjs')).href;
/** Services at a time: one of them starts while others are attacked. */
const WIDTH = 2;
/** All of them on a slow machine, ms. */
const LIMIT_MS = 300_000;
/** As many as are seeded: a list that lost one would catch less. */
const SEEDED = 19;

let redis: RedisServer;
let postgres: PostgresServer;
let world: AttackedWorld;
let caught = 0;
const found = new Map<string, Promise<Breaches>>();

beforeAll(async () => {
  [redis, postgres, world] = await Promise.all([startRedis(), startPostgres(), AttackedWorld.start()]);
  const rest = [...mutants, ...halves].entries();
  const work = async (): Promise<void> => {
    for (const [at, mutant] of rest) {
      const breaches = breachesOf(mutant, `mutant-${at}`);
      found.set(mutant.title, breaches);
      // Its own test fails of it.
      await breaches.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
}, LIMIT_MS);
afterAll(() => Promise.all([redis, postgres, world].map((each) => each?.[Symbol.asyncDispose]())));

/** What the attack finds in the built service once this is done to it. */
async function breachesOf({ edits, sql, by, at }: Seeded, namespace: string): Promise<Breaches> {
  const DATABASE_URL = await postgres.database();
  const seeded = edits.map(({ find, replace }) => ({ find: find.source, replace }));
  await using service = await startService({
    env: {
      ...world.env,
      ASSIST_API_KEYS: APP_KEYS,
      LOG_LEVEL: 'error',
      REDIS_URL: redis.url,
      REDIS_NAMESPACE: namespace,
      DATABASE_URL,
      NODE_OPTIONS: `--import=${HOOK}`,
      MUTATION: JSON.stringify(seeded),
    },
  });
  if (sql !== undefined) await postgres.query(sql, DATABASE_URL);
  const attack = await world.attack(service.url, at);
  return by === undefined ? [...(await attackOn(attack)).values()].flat() : await by(attack);
}

type Seeded = Omit<Mutant, 'by' | 'at' | 'breach'> & Partial<Mutant>;

describe('the attack', () => {
  it.each(mutants.map((mutant) => [mutant.title, mutant] as const))('catches %s', async (title, { breach }) => {
    expect(await found.get(title)).toContainEqual(expect.stringMatching(breach));
    caught += 1;
  });

  it.each(halves.map(({ title }) => [title] as const))('finds nothing where %s', async (title) => {
    expect(await found.get(title)).toEqual([]);
  });

  it('catches every mutant that is seeded', () => {
    process.stdout.write(`isolation: ${caught} of ${mutants.length} mutants caught\n`);
    expect([mutants.length, caught]).toEqual([SEEDED, SEEDED]);
  });
});
