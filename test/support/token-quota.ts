import { sql } from 'drizzle-orm';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, type TestApp } from './app.ts';
import { until } from './until.ts';

export interface TokenQuota {
  readonly limit: number;
  readonly remaining: number;
  readonly reserved: number;
  readonly resets_at: string;
}

interface Limits {
  readonly key_id: string;
  readonly token_quota: TokenQuota;
}

const DAY_MS = 86_400_000;

export async function limitsOf(server: TestApp, key: string = keys.user): Promise<Limits> {
  return (await server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) })).json<Limits>();
}

export const quotaOf = async (server: TestApp, key?: string): Promise<TokenQuota> =>
  (await limitsOf(server, key)).token_quota;

/**
 * What a principal was charged today, once nothing of it is under way. Of the durable record: an account whose limit is used
 * up does not say how much more was spent.
 */
export async function settled(server: TestApp, key?: string): Promise<number> {
  await until('nothing is reserved', async () => (await quotaOf(server, key)).reserved === 0);
  const { key_id: principalId, token_quota: quota } = await limitsOf(server, key);
  const day = new Date(Date.parse(quota.resets_at) - DAY_MS).toISOString().slice(0, 10);
  const recorded = (): Promise<number> => chargedOn(server, principalId, day);
  await until('it is recorded', async () => (await recorded()) >= quota.limit - quota.remaining);
  return recorded();
}

const chargedOn = ({ app }: TestApp, principalId: string, day: string): Promise<number> =>
  app.get(Sql).system(async (tx) => {
    const total = sql<number>`coalesce(sum(input_tokens + output_tokens), 0)::int`;
    const [row] = await tx
      .select({ total })
      .from(sql`token_usage WHERE principal_id = ${principalId} AND day = ${day}::date`);
    return row?.total ?? 0;
  });
