import type { Plan } from '../harness/plan.ts';
import { Server } from '../harness/server.ts';

const NEST = new URL('./bare-nest.ts', import.meta.url);
const FASTIFY = new URL('./bare-fastify.ts', import.meta.url);
const FASTIFY_REDIS = new URL('./fastify-redis.ts', import.meta.url);
const FASTIFY_POSTGRES = new URL('./fastify-postgres.ts', import.meta.url);
const FIXED_MODEL = new URL('./fixed-model.ts', import.meta.url);
const PORTKEY = new URL('./portkey.ts', import.meta.url);
const RESUMABLE = new URL('./resumable-stream.ts', import.meta.url);

export async function startBareNest(plan: Plan): Promise<Server> {
  const server = await Server.spawn({ plan, script: NEST, env: {}, core: 'server' });
  await server.answers('/healthz');
  return server;
}

export async function startBareFastify(plan: Plan): Promise<Server> {
  const server = await Server.spawn({ plan, script: FASTIFY, env: {}, core: 'server' });
  await server.answers('/healthz');
  return server;
}

/** The same, which asks Redis once for each request. */
export async function startFastifyRedis(plan: Plan, redisUrl: string): Promise<Server> {
  const server = await Server.spawn({ plan, script: FASTIFY_REDIS, env: { REDIS_URL: redisUrl }, core: 'server' });
  await server.answers('/healthz');
  return server;
}

/** The same, which records each request and its answer in a table of its own. */
export async function startFastifyPostgres(plan: Plan, databaseUrl: string, poolSize: number): Promise<Server> {
  const env = { DATABASE_URL: databaseUrl, POOL_SIZE: `${poolSize}` };
  const server = await Server.spawn({ plan, script: FASTIFY_POSTGRES, env, core: 'server' });
  await server.answers('/healthz');
  return server;
}

/** Serves streams under `/streams/<id>` and makes them on command. */
export async function startResumable(plan: Plan, redisUrl: string, core: 'server' | 'load'): Promise<Server> {
  const server = await Server.spawn({ plan, script: RESUMABLE, env: { REDIS_URL: redisUrl }, core });
  await server.answers('/healthz');
  return server;
}

/** Speaks OpenAI's chat completions. Beside the load, as a model is on another machine. */
export async function startFixedModel(plan: Plan): Promise<Server> {
  const server = await Server.spawn({ plan, script: FIXED_MODEL, env: {}, core: 'load' });
  await server.answers('/healthz');
  return server;
}

/** Portkey's gateway with nothing switched on. */
export async function startPortkey(plan: Plan): Promise<Server> {
  const server = await Server.spawn({ plan, script: PORTKEY, env: {}, core: 'server' });
  await server.answers('/');
  return server;
}
