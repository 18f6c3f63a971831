import { generateKeyPairSync } from 'node:crypto';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { type Script, ScriptedUpstream } from '../../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';
import { callersEnv } from './callers.ts';

export const SERVERS = 2;
export const COMMAND_TIMEOUT_MS = 500;
/** Stands in the brief of a draft that takes its time: about a second. */
export const SLOWLY = 'slowly';

const slow = standard({ structured: drafting(sampleDraft(7), { paceMs: 20, charactersPerChunk: 32 }) });
const quick = standard({ structured: drafting(sampleDraft(3), {}) });
const script: Script = (request, response) =>
  (JSON.stringify(request.body).includes(SLOWLY) ? slow : quick)(request, response);

/** Two service processes that share a Redis and a PostgreSQL, and a model that does as told. */
export interface World extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly upstream: ScriptedUpstream;
  readonly servers: readonly ServiceProcess[];
}

export async function startWorld(): Promise<World> {
  await using started = new AsyncDisposableStack();
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  started.use(redis);
  started.use(postgres);
  const upstream = await ScriptedUpstream.start([script], 0);
  started.defer(() => upstream.close());
  const env = await environment(redis, postgres, upstream);
  const servers = await Promise.all(Array.from({ length: SERVERS }, () => startService({ env })));
  for (const server of servers) started.use(server);
  await eachKnowsTheOther(redis);
  const kept = started.move();
  return { redis, upstream, servers, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const environment = async (redis: RedisServer, postgres: PostgresServer, upstream: ScriptedUpstream) => ({
  ...callersEnv,
  REDIS_URL: redis.url,
  REDIS_COMMAND_TIMEOUT: String(COMMAND_TIMEOUT_MS),
  DATABASE_URL: await postgres.database(),
  SSE_RESUME_SECRET: 'resume-secret-of-the-load-0123456789abcdef',
  SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  MODEL_PROVIDERS: 'openai',
  OPENAI_BASE_URL: upstream.url,
  OPENAI_API_KEY: 'upstream-key',
});

/** A process counts the others whenever it says that it is here: by its next word after all were here it knows. */
async function eachKnowsTheOther(redis: RedisServer): Promise<void> {
  const [group = ''] = (await redis.command('keys', '*:presence:quota')).split('\n');
  const words = async (): Promise<string> => redis.command('zrange', group, '0', '-1', 'withscores');
  const memberships = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  let first: string[] = [];
  await until('both processes are here', async () => {
    first = memberships(await words());
    return first.length === SERVERS * 2;
  });
  await until('each knows of the other', async () => {
    const now = memberships(await words());
    return now.filter((line, at) => at % 2 === 1 && !first.includes(line)).length === SERVERS;
  });
}
