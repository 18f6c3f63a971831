import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { dollars } from '#src/kernel/index.js';
import { Sql } from '#src/storage/index.js';
import { bearer, keys, startApp } from './app.ts';
import { draftRequest, eventsOf, streamRequest } from './drafts.ts';
import { type Script, ScriptedUpstream } from './scripted-upstream.ts';
import { answering, sampleDraft } from './scripted-upstream-scripts.ts';
import { until } from './until.ts';

/** Of `priced-models.yaml`, nanodollars a token. */
export const INPUT_COST = 1_000;
export const OUTPUT_COST = 2_000;

/** A name that `priced-models.yaml` has a route for, and how its provider calls it. */
export const ROUTE = 'house-model';
export const ROUTED = 'upstream-large';

/** How a call ended: its status, the code of its problem if it has one, and what it says of coming back. */
export interface Ending {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  readonly problem: unknown;
}

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
    draft: (key?: string) => drafted(base, key),
    stream: (key?: string) => streamed(base, key),
    chat: (key?: string) => chatted(base, key),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}

async function post(
  base: string,
  { url, headers, payload }: Omit<ReturnType<typeof draftRequest>, 'payload'> & { readonly payload: unknown },
): Promise<Response> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
  return fetch(`${base}${url}`, { ...init, body: JSON.stringify(payload) });
}

async function drafted(base: string, key?: string): Promise<Ending> {
  const response = await post(base, draftRequest(key));
  return endingOf(response, await response.json());
}

/** @throws Error when the stream has no terminal event, or more than one */
async function streamed(base: string, key?: string): Promise<Ending & { readonly partials: number }> {
  const response = await post(base, streamRequest(key));
  const text = await response.text();
  if (!response.ok) return { ...endingOf(response, JSON.parse(text)), partials: 0 };
  const events = eventsOf(text);
  const terminal = events.filter(({ event }) => event === 'complete' || event === 'error');
  const last = events.at(-1);
  if (terminal.length !== 1 || terminal[0] !== last) throw new Error('A stream ends with one terminal event');
  const partials = events.filter(({ data }) => data.includes('"partial"')).length;
  const problem: unknown = last?.event === 'error' ? JSON.parse(last.data) : {};
  const { status = 200, retry_after_seconds: retryAfter, code } = Object(problem);
  return { status, code, retryAfter, problem, partials };
}

/** @throws Error when the stream does not end in `[DONE]` */
async function chatted(base: string, key?: string): Promise<Ending> {
  const messages = [{ role: 'user', content: 'Should the harbour buy a second crane this year?' }];
  const payload = { model: ROUTE, stream: true, messages };
  const response = await post(base, { ...draftRequest(key, '/v1/chat/completions'), payload });
  const text = await response.text();
  if (!response.ok) return endingOf(response, JSON.parse(text));
  const said = eventsOf(text).map(({ data }) => data);
  if (said.at(-1) !== '[DONE]') throw new Error('A stream of chunks ends in [DONE]');
  const problem: unknown = said
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data))
    .at(-1);
  const { status = 200, retry_after_seconds: retryAfter, code } = Object(problem);
  return { status, code, retryAfter, problem };
}

function endingOf(response: Response, problem: unknown): Ending {
  const header = response.headers.get('retry-after');
  const retryAfter = header === null ? undefined : Number(header);
  return { status: response.status, code: Object(problem).code, retryAfter, problem };
}
