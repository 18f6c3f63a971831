import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { TEXT_MODEL, WORDS } from '../support/openai-surface.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { answering, silent } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';

const KEY = 'roles-user-key-0123456789abcdefghijklmnop';
const LIMIT_MS = 180_000;
const asked = { model: TEXT_MODEL, input: 'What comes first?', background: true } as const;

describe('a response of the background', () => {
  let model: Script = answering(WORDS, {});
  let redis: RedisServer;
  let postgres: PostgresServer;
  let upstream: ScriptedUpstream;
  let database: string;
  let api: ServiceProcess;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    upstream = await ScriptedUpstream.start([(request, response) => model(request, response)], 0);
    database = await postgres.database();
    api = await start('api');
  }, LIMIT_MS);
  afterAll(async () => {
    await api?.[Symbol.asyncDispose]();
    await upstream?.close();
    await Promise.all([redis, postgres].map((each) => each?.[Symbol.asyncDispose]()));
  });

  const start = (ROLE: 'api' | 'worker'): Promise<ServiceProcess> =>
    startService({
      env: {
        ROLE,
        REDIS_URL: redis.url,
        DATABASE_URL: database,
        ASSIST_API_KEYS: `${KEY}@acme:user`,
        LOG_LEVEL: 'error',
        MODEL_PROVIDERS: 'openai',
        OPENAI_BASE_URL: upstream.url,
        OPENAI_API_KEY: 'upstream-key',
      },
    });
  const client = () => new OpenAI({ baseURL: `${api.url}/v1`, apiKey: KEY, maxRetries: 0 });
  const read = (id: string) => client().responses.retrieve(id);
  const eventsOf = async (id: string) => Array.fromAsync(await client().responses.retrieve(id, { stream: true }));
  /** Whether any process may take it now. */
  const isFree = async (id: string) => {
    const [job] = await postgres.query(`SELECT lease_until <= now() AS free FROM jobs WHERE id = '${id}'`, database);
    return job?.['free'];
  };

  it(
    'is accepted by an api process, made by a worker, and followed through the api process from before it was begun',
    async () => {
      const { id, status } = await client().responses.create(asked);
      const events = eventsOf(id);
      expect([status, (await read(id)).status, upstream.requests.length]).toEqual(['queued', 'queued', 0]);

      await using worker = await start('worker');
      const told = await events;
      expect(told.map((event) => event.sequence_number)).toEqual(told.map((_, at) => at));
      expect(told.at(-1)).toMatchObject({ type: 'response.completed', response: { id, status: 'completed' } });
      const made = await read(id);
      expect([made.status, made.output_text, 'attempts' in made]).toEqual(['completed', WORDS, false]);
      expect(upstream.requests).toHaveLength(1);
      expect(await worker.stop('SIGTERM')).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'of a worker that is asked to stop before a word of it was told is given back, and made by the next one',
    async () => {
      model = silent;
      const worker = await start('worker');
      const calls = upstream.requests.length;
      const { id } = await client().responses.create(asked);
      const events = eventsOf(id);
      const call = await upstream.received(calls + 1);
      expect(await isFree(id)).toBe(false);
      expect(await worker.stop('SIGTERM')).toBe(0);
      await call.over;
      expect([await isFree(id), (await read(id)).status]).toEqual([true, 'queued']);
      await worker[Symbol.asyncDispose]();

      model = answering(WORDS, {});
      await using _next = await start('worker');
      expect((await events).at(-1)).toMatchObject({ type: 'response.completed', response: { id, attempts: 2 } });
      expect((await read(id)).output_text).toBe(WORDS);
    },
    LIMIT_MS,
  );

  it(
    'that is cancelled before a worker took it is never begun',
    async () => {
      const calls = upstream.requests.length;
      const { id } = await client().responses.create(asked);
      expect((await client().responses.cancel(id)).status).toBe('cancelled');
      await using _worker = await start('worker');
      const later = await client().responses.create(asked);
      await eventsOf(later.id);
      expect((await read(id)).status).toBe('cancelled');
      expect(upstream.requests).toHaveLength(calls + 1);
    },
    LIMIT_MS,
  );
});
