import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { TEXT_MODEL, WORDS } from '../support/openai-surface.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { answering, stalling } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const KEY = 'responses-kill-key-0123456789abcdefghijk';
/** A lease has to run out, on a machine that is busy. */
const PATIENCE = { patienceMs: 90_000, pauseMs: 100 } as const;
const LIMIT_MS = 180_000;
const asked = { model: TEXT_MODEL, input: 'What comes first?', background: true } as const;

let upstream: ScriptedUpstream;
let dataDir = '';
/** What the model does; takes the question and says nothing unless told otherwise. */
let model: Script = () => undefined;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start([(request, response) => model(request, response)], 0);
  dataDir = mkdtempSync(join(tmpdir(), 'countersign-responses-'));
});
afterAll(async () => {
  await upstream.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const env = (): Readonly<Record<string, string>> => ({
  ASSIST_API_KEYS: `${KEY}@acme:user`,
  LOG_LEVEL: 'error',
  MODEL_PROVIDERS: 'openai',
  OPENAI_BASE_URL: upstream.url,
  OPENAI_API_KEY: 'upstream-key',
});

const clientOf = ({ url }: ServiceProcess) => new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 });

/** Accepts a response of the background and is killed while the model has said nothing yet. */
async function acceptedUnheard(service: ServiceProcess): Promise<string> {
  model = () => undefined;
  const calls = upstream.requests.length;
  const { id } = await clientOf(service).responses.create(asked);
  await upstream.received(calls + 1);
  return id;
}

/** The same, killed after the first words were told. */
async function acceptedTold(service: ServiceProcess): Promise<string> {
  model = stalling('Tea first');
  const client = clientOf(service);
  const { id } = await client.responses.create(asked);
  for await (const { type } of await client.responses.retrieve(id, { stream: true })) {
    if (type === 'response.output_text.delta') break;
  }
  return id;
}

async function ended(service: ServiceProcess, id: string) {
  const client = clientOf(service);
  const read = () => client.responses.retrieve(id);
  await until(
    'the response was over',
    async () => !['queued', 'in_progress'].includes((await read()).status ?? ''),
    PATIENCE,
  );
  const events = await Array.fromAsync(await client.responses.retrieve(id, { stream: true }));
  return { response: await read(), events };
}

describe('a response of the background whose process is killed', () => {
  it(
    'is made again by the process that is started in its place, if nothing of it was told, and fails in words otherwise',
    async () => {
      const first = await startService({ dataDir, env: env() });
      const [told, unheard] = [await acceptedTold(first), await acceptedUnheard(first)];
      await first.stop('SIGKILL');

      model = answering(WORDS, {});
      await using second = await startService({ dataDir, env: env() });
      const made = await ended(second, unheard);
      expect(made.response).toMatchObject({ status: 'completed', output_text: WORDS, attempts: 2 });
      expect(made.events.map((event) => event.sequence_number)).toEqual(made.events.map((_, at) => at));
      expect(made.events.at(-1)?.type).toBe('response.completed');

      const read = () => clientOf(second).responses.retrieve(told);
      const explained = async () => (await read()).error?.message.includes('not begun again') === true;
      await until('the other one failed in words', explained, PATIENCE);
      expect(await read()).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    },
    LIMIT_MS,
  );

  describe('beside another instance', () => {
    let redis: RedisServer;
    let postgres: PostgresServer;
    beforeAll(async () => {
      [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    });
    afterAll(() => Promise.all([redis, postgres].map((each) => each?.[Symbol.asyncDispose]())));

    it(
      'is taken up by the other one: its readers there see one stream, completed or failed, and never silence',
      async () => {
        const stores = { REDIS_URL: redis.url, DATABASE_URL: await postgres.database() };
        const doomed = await startService({ env: { ...env(), ...stores } });
        await using other = await startService({ env: { ...env(), ...stores } });
        const [told, unheard] = [await acceptedTold(doomed), await acceptedUnheard(doomed)];
        const client = clientOf(other);
        const readers = [told, unheard].map(async (id) =>
          Array.fromAsync(await client.responses.retrieve(id, { stream: true })),
        );
        await until('the other one reads', async () => (await client.responses.retrieve(unheard)).status === 'queued');
        await doomed.stop('SIGKILL');
        await doomed[Symbol.asyncDispose]();

        model = answering(WORDS, {});
        const [failed = [], made = []] = await Promise.all(readers);
        expect(failed.at(-1)).toMatchObject({ type: 'response.failed', response: { id: told, status: 'failed' } });
        expect(made.at(-1)).toMatchObject({ type: 'response.completed', response: { id: unheard, attempts: 2 } });
        for (const events of [failed, made])
          expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
        expect((await client.responses.retrieve(told)).status).toBe('failed');
        expect((await client.responses.retrieve(unheard)).output_text).toBe(WORDS);
      },
      LIMIT_MS,
    );
  });
});
