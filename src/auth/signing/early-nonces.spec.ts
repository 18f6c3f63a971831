import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sql } from '#src/storage/index.js';
import { makeDataDir } from '../../../test/support/data-dir.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { openPglite } from '../../../test/support/pglite.ts';
import { EarlyNonces } from './early-nonces.js';

const TIMEOUT_MS = 5_000;
const LIFE_MS = 305_000;
const AHEAD_MS = 60_000;

let directory: string;
let store: Sql;

beforeAll(async () => {
  directory = makeDataDir({});
  store = await openPglite(directory, TIMEOUT_MS);
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const clock = new FakeClock();
const nonces = (): EarlyNonces => new EarlyNonces(store, clock, LIFE_MS);
const name = (tenant = 'acme') => ({ tenant, id: `key/${crypto.randomUUID()}` });

describe('nonces dated ahead', () => {
  it('are used up once, of many racing callers, and in each tenant apart', async () => {
    const [mine, early] = [name(), nonces()];
    const race = await Promise.all(Array.from({ length: 10 }, () => early.use(mine, clock.now() + AHEAD_MS)));
    expect(race.filter((first) => first)).toHaveLength(1);
    expect(await early.use({ ...mine, tenant: 'globex' }, clock.now() + AHEAD_MS)).toBe(true);
  });

  it('are known to whoever has a memory that began after they were used', async () => {
    const [used, other, signedAt] = [name(), name(), clock.now() + AHEAD_MS];
    const early = nonces();
    expect(await early.knows(used, signedAt, 0)).toBe(false);
    await early.use(used, signedAt);
    expect([await early.knows(used, signedAt, 1), await early.knows(other, signedAt, 1)]).toEqual([true, false]);
    expect(await nonces().knows(used, signedAt, 1)).toBe(true);
  });

  it('are forgotten once nobody accepts their time any more, and not before', async () => {
    const [used, signedAt, early] = [name(), clock.now() + AHEAD_MS, nonces()];
    await early.use(used, signedAt);
    await clock.advance(AHEAD_MS + LIFE_MS);
    await early.sweep();
    expect(await early.use(used, signedAt)).toBe(false);
    await clock.advance(1);
    await early.sweep();
    expect(await early.use(used, signedAt)).toBe(true);
  });
});
