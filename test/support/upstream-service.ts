import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { dollars } from '#src/kernel/index.js';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, startApp } from './app.ts';
import { type Caller, type Calling, callers, type Ending } from './model-callers.ts';
import { type Script, ScriptedUpstream } from './scripted-upstream.ts';
import { answering, sampleDraft } from './scripted-upstream-scripts.ts';
import { until } from './until.ts';

/** Of `priced-models.yaml`, nanodollars a token. */
export const INPUT_COST = 1_000;
export const OUTPUT_COST = 2_000;

/** How its provider calls the model of the route in `priced-models.yaml`. */
export const ROUTED = 'upstream-large';

/** What somebody has spent: model tokens and nanodollars. */
export interface Spent {
  readonly tokens: number;
  readonly cost: number;
}

interface Quota<T> {
  readonly limit: T;
  readonly remaining: T;
  readonly reserved: T;
}

const nanodollars = (text: string): number => dollars(9).parse(text);

/** A model that answers with a draft, as it should. */
export const wellBehaved: Script = answering(JSON.stringify(sampleDraft(6)), {});

export type UpstreamService = Awaited<ReturnType<typeof upstreamService>>;

/** A listening service whose model is scripted, has a price, and says of each call what it came to. */
export async function upstreamService(env: Readonly<Record<string, string>>) {
  let queue: readonly Script[] = [wellBehaved];
  const next: Script = (request, response) => {
    const [script = wellBehaved, ...later] = queue;
    if (later.length > 0) queue = later;
    return script(request, response);
  };
  const upstream = await ScriptedUpstream.start([next], 0);
  const server = await startApp({
    env: {
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'upstream-key',
      MODELS_FILE: join(import.meta.dirname, 'priced-models.yaml'),
      TOKEN_LIMIT_PER_DAY: '100000000',
      COST_LIMIT_PER_DAY: '1000',
      ...env,
    },
  });
  const base = await server.listen();
  const quotas = async (key: string) => {
    const response = await fetch(`${base}/v1/limits`, { headers: bearer(key) });
    return (await response.json()) as { token_quota: Quota<number>; cost_quota: Quota<string> };
  };
  const reserved = async (key: string) => {
    const { token_quota: tokens, cost_quota: cost } = await quotas(key);
    return { tokens: tokens.reserved, cost: nanodollars(cost.reserved) };
  };
  return {
    server,
    base,
    upstream,
    /** One script a request from now on, the last one for ever. */
    script: (...scripts: readonly Script[]) => {
      queue = scripts;
    },
    reserved: (key: string = keys.user) => reserved(key),
    /** What was spent once nothing is under way; the limit, when that was more. */
    spent: async (key: string = keys.user): Promise<Spent> => {
      await until('nothing is reserved', async () => {
        const { tokens, cost } = await reserved(key);
        return tokens === 0 && cost === 0;
      });
      const { token_quota: tokens, cost_quota: cost } = await quotas(key);
      return {
        tokens: tokens.limit - tokens.remaining,
        cost: nanodollars(cost.limit) - nanodollars(cost.remaining),
      };
    },
    /** What the durable record has of it. */
    recorded: (tenant: string = 'acme') =>
      server.app.get(Sql).system((tx) => {
        const tokens = sql<number>`(input_tokens + output_tokens)::int`;
        const cost = sql<number>`cost_nanodollars::float8`;
        const columns = { model: sql<string>`model`, calls: sql<number>`calls::int`, tokens, cost };
        return tx.select(columns).from(sql`token_usage WHERE tenant_id = ${tenant} ORDER BY model`);
      }),
    /** What a user is answered who sends this. */
    post: (route: string, body: object, init: RequestInit = {}): Promise<Response> =>
      fetch(base + route, {
        method: 'POST',
        headers: { ...bearer(keys.user), 'content-type': 'application/json' },
        body: JSON.stringify(body),
        ...init,
      }),
    ask: (caller: Caller, calling?: Calling): Promise<Ending> => callers[caller](base, calling),
    draft: (key?: string) => callers['a draft'](base, { key }),
    stream: (key?: string) => callers['a streamed draft'](base, { key }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}
