import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Instances } from '../../src/quota/instances.service.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

const BEAT_MS = 5_000;
const GONE_AFTER_MS = 20_000;

const clock = new FakeClock();
let postgres: PostgresServer;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startPostgres();
  const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
  env = { REDIS_URL, REDIS_COMMAND_TIMEOUT: '200', DATABASE_URL: await postgres.database() };
});
afterAll(() => postgres?.[Symbol.asyncDispose]());

const countOf = ({ app }: TestApp): number => app.get(Instances).count;

describe('processes that start while Redis is away', () => {
  it('know of each other, and of those that ended', async () => {
    await using first = await startApp({ env, clock });
    expect(countOf(first)).toBe(1);
    {
      await using second = await startApp({ env, clock });
      expect(countOf(second)).toBe(2);
      await clock.advance(BEAT_MS);
      await until('the first knows of the second', () => countOf(first) === 2);
    }
    await clock.advance(GONE_AFTER_MS);
    await until('the first is alone again', async () => {
      await clock.advance(BEAT_MS);
      return countOf(first) === 1;
    });
  });
});
