import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import type { Attack, Breaches } from '../support/isolation/attack.ts';
import { attackOn, phases } from '../support/isolation/phases.ts';
import { gapsOf, slotsOf } from '../support/isolation/places.ts';
import { AttackedWorld } from '../support/isolation/world.ts';
import { publishedOperations } from '../support/operations.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

/** More routes make more of all three; fewer would be a hole in the test. */
const FLOORS = { routes: 23, places: 13, kinds: 7, attempts: 1_300 } as const;

/** Thousands of requests, on a machine that is busy. */
const ATTACK_MS = 240_000;

let redis: RedisServer;
let postgres: PostgresServer;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
afterAll(() => Promise.all([redis, postgres].map((each) => each?.[Symbol.asyncDispose]())));

const stores: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  'memory and PGlite': async () => ({}),
  'Redis and PostgreSQL': async () => ({ REDIS_URL: redis.url, DATABASE_URL: await postgres.database() }),
};

describe.each(Object.entries(stores))('a service on %s', (title, storesEnv) => {
  let world: AttackedWorld;
  let server: TestApp;
  let attack: Attack;
  let found: ReadonlyMap<string, Breaches>;

  beforeAll(async () => {
    world = await AttackedWorld.start();
    server = await startApp({ env: { ...world.env, ...(await storesEnv()) } });
    attack = await world.attack(await server.listen());
    found = await attackOn(attack);
  }, ATTACK_MS);
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  it('has no operation and no place for a name that nobody attacks', () => {
    expect(gapsOf(attack.operations)).toEqual([]);
  });

  it.each(Object.keys(phases))('%s', (phase) => {
    expect(found.get(phase)).toEqual([]);
  });

  it('was attacked everywhere', () => {
    const { operations, guarded, things, attempts } = attack;
    const places = slotsOf(guarded).length;
    process.stdout.write(
      `isolation on ${title}: ${operations.length} routes, ${places} places for names, ${things.size} kinds of names, ${attempts} attempts\n`,
    );
    expect(operations.length).toBeGreaterThanOrEqual(FLOORS.routes);
    expect(places).toBeGreaterThanOrEqual(FLOORS.places);
    expect(things.size).toBeGreaterThanOrEqual(FLOORS.kinds);
    expect(attempts).toBeGreaterThanOrEqual(FLOORS.attempts);
  });
});

describe('the list of what is attacked', () => {
  const [operation] = publishedOperations();
  if (operation === undefined) throw new Error('The document is empty');

  it.each([
    ['an operation without a recipe', { ...operation, name: 'GET /v1/new' }, 'GET /v1/new: has no recipe'],
    [
      'a parameter that may name something',
      { ...operation, parameters: [{ in: 'query', name: 'project' }] },
      `${operation.name}: nobody says what query project takes`,
    ],
    [
      'a field that may name something',
      { ...operation, fields: ['parent.task_id'] },
      `${operation.name}: nobody says what body parent.task_id takes`,
    ],
    [
      'an operation that anybody may call all of a sudden',
      { ...operation, open: true },
      `${operation.name}: is open, but its recipe says who may call it`,
    ],
  ])('misses %s', (_title, changed, gap) => {
    expect(gapsOf([...publishedOperations().slice(1), changed])).toContain(gap);
  });

  it('misses an operation that is there no more', () => {
    expect(gapsOf(publishedOperations().slice(1))).toEqual([`${operation.name}: has a recipe, and is not there`]);
  });
});
