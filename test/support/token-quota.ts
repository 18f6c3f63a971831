import { bearer, keys, type TestApp } from './app.ts';
import { until } from './until.ts';

export interface TokenQuota {
  readonly limit: number;
  readonly remaining: number;
  readonly reserved: number;
  readonly resets_at: string;
}

export const quotaOf = async (server: TestApp, key: string = keys.user): Promise<TokenQuota> =>
  (await server.inject({ method: 'GET', url: '/v1/limits', headers: bearer(key) })).json<{ token_quota: TokenQuota }>()
    .token_quota;

/** What a principal has used of its tokens, once nothing of it is under way. */
export async function settled(server: TestApp, key?: string): Promise<number> {
  await until('nothing is reserved', async () => (await quotaOf(server, key)).reserved === 0);
  const { limit, remaining } = await quotaOf(server, key);
  return limit - remaining;
}
