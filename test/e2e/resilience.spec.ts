import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { diffEvents, type KeySet, type StreamEvent, verifyStream } from '#libs/sse/index.js';
import { bearer } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { readStream } from '../support/stream-client.ts';
import { until } from '../support/until.ts';

const USER = 'resilience-user-key-0123456789abcdefghij';
const ADMIN = 'resilience-admin-key-123456789abcdefghij';
const body = JSON.stringify({ brief: 'Should the ferry line order two electric boats, or refit the old ones first?' });
const json = { ...bearer(USER), 'content-type': 'application/json' };

let redis: RedisServer;
let postgres: PostgresServer;
let upstream: ScriptedUpstream;
let server: ServiceProcess;
let database = '';

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  database = await postgres.database();
  // About six seconds a draft: long enough to lose a store in the middle of it.
  const structured = drafting(sampleDraft(24), { paceMs: 30, charactersPerChunk: 32 });
  upstream = await ScriptedUpstream.start([standard({ structured })], 0);
  server = await startService({
    env: {
      ASSIST_API_KEYS: `${USER}@acme:user,${ADMIN}@acme:admin`,
      SSE_RESUME_SECRET: 'resume-secret-of-resilience-0123456789ab',
      SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      REDIS_URL: redis.url,
      DATABASE_URL: database,
      // Shorter than what is expected below, by what a crowded machine takes for itself.
      DATABASE_TIMEOUT: '1500',
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'upstream-key',
    },
  });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
  await Promise.all([redis?.[Symbol.asyncDispose](), postgres?.[Symbol.asyncDispose]()]);
});

interface Timed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly seconds: number;
}

async function ask(method: string, path: string, init: RequestInit = {}): Promise<Timed> {
  const start = performance.now();
  const response = await fetch(`${server.url}${path}`, { method, ...init, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  const seconds = (performance.now() - start) / 1_000;
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text, seconds };
}

const draft = (): Promise<Timed> => ask('POST', '/assist/draft-graph', { headers: json, body });

/** A stream that is read while other things happen; `begun` resolves with its id once the model speaks. */
function stream() {
  const begun = Promise.withResolvers<void>();
  const init = { method: 'POST', headers: json, body };
  const onEvent = ({ seq }: StreamEvent): void => void (seq >= 3 && begun.resolve());
  const delivery = readStream(`${server.url}/assist/draft-graph/stream`, init, { onEvent });
  return { begun: begun.promise, delivery };
}

/** A store that comes back is noticed within seconds. */
const eventually = (what: string, holds: () => Promise<boolean>): Promise<void> =>
  until(what, holds, { patienceMs: 15_000, pauseMs: 100 });

const ready = async (): Promise<boolean> => (await ask('GET', '/readyz')).status === 200;

async function rows(text: string, value: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [value])).rows;
  } finally {
    await client.end();
  }
}

const archived = async (id: string): Promise<boolean> =>
  (await rows('select 1 from stream_archives where stream_id = $1', id)).length === 1;

/** The run behind a stream, and how long it took. */
const recordOf = async (id: string): Promise<Record<string, unknown> | undefined> => {
  const columns = 'request_sha256, usage, extract(epoch from finished_at - created_at) as seconds';
  return (await rows(`select ${columns} from runs where stream_id = $1`, id))[0];
};

const payloadOf = ({ events }: { readonly events: readonly StreamEvent[] }): { readonly usage: unknown } =>
  JSON.parse(events.at(-1)?.data ?? '{}').payload;

const codeOf = (event: StreamEvent | undefined): unknown => JSON.parse(event?.data ?? '{}').code;

describe.each([
  ['frozen', () => postgres.freeze(), () => postgres.thaw()],
  ['killed', () => postgres.stop(), () => postgres.restart()],
] as const)('PostgreSQL %s in the middle of a run', (_how, takeAway, giveBack) => {
  let running: Awaited<ReturnType<typeof stream>['delivery']>;
  let fresh: typeof running;
  let refused: readonly Timed[];
  let health: readonly Timed[];

  beforeAll(async () => {
    await eventually('ready', ready);
    const { begun, delivery } = stream();
    await begun;
    await takeAway();
    try {
      const later = stream();
      refused = await Promise.all([draft(), ask('GET', '/v1/keys', { headers: bearer(ADMIN) })]);
      health = [await ask('GET', '/healthz'), await ask('GET', '/readyz'), await draft()];
      [running, fresh] = await Promise.all([delivery, later.delivery]);
    } finally {
      await giveBack();
    }
  });

  it('refuses what needs it within three seconds, and says when to come again', () => {
    for (const answer of refused) {
      expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.seconds).toBeLessThan(3);
    }
  });

  it('says that the process lives but wants no traffic', () => {
    const [alive, readiness, later] = health;
    expect([alive?.status, readiness?.status, later?.status]).toEqual([200, 503, 503]);
    expect((alive?.seconds ?? 9) < 1).toBe(true);
    for (const { seconds } of health) expect(seconds).toBeLessThan(3);
  });

  it('lets the run under way go on to its end, and a new stream too', () => {
    for (const { ended, events } of [running, fresh]) {
      expect([ended, events.at(-1)?.event]).toEqual([true, 'complete']);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    }
  });

  it('is used again by itself once it is back, and gets what it missed', async () => {
    await eventually('ready again', ready);
    for (const { streamId } of [running, fresh]) {
      await eventually('archived', () => archived(streamId));
      expect(await rows('select status from runs where stream_id = $1', streamId)).toEqual([{ status: 'completed' }]);
    }
    expect((await ask('GET', '/v1/keys', { headers: bearer(ADMIN) })).status).toBe(200);
  });

  it('has a whole record of both runs, also of the one that began without it', async () => {
    const [whole, late] = await Promise.all([running, fresh].map(({ streamId }) => recordOf(streamId)));
    expect(whole).toMatchObject({
      request_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      usage: payloadOf(running).usage,
    });
    expect(late).toMatchObject({ request_sha256: whole?.['request_sha256'], usage: payloadOf(fresh).usage });
    for (const run of [whole, late]) expect(Number(run?.['seconds'])).toBeGreaterThan(1);
  });

  it('serves the archive when the live log is gone', async () => {
    await redis.command('flushall');
    const keySet: KeySet = JSON.parse((await ask('GET', '/.well-known/countersign-keys.json')).body);
    for (const { streamId, events } of [running, fresh]) {
      const kept = await readStream(`${server.url}/v1/streams/${streamId}/events`, { headers: bearer(USER) });
      expect(diffEvents(kept.events, events)).toBeUndefined();
      expect(await verifyStream(streamId, kept.events, keySet)).toMatchObject({ valid: true });
    }
  });
});

describe('PostgreSQL away when a draft wants to be recorded', () => {
  it('the draft is refused, and its run does not stay "running" for ever', async () => {
    await eventually('ready', ready);
    expect(await rows('select id from runs where status = $1', 'running')).toEqual([]);
    const asked = upstream.requests.length;
    const answer = draft();
    await upstream.received(asked + 1);
    postgres.freeze();
    expectProblem(await answer, 503, 'DEPENDENCY_UNAVAILABLE');
    postgres.thaw();
    await eventually('ready again', ready);
    await eventually(
      'settled',
      async () => (await rows('select 1 from runs where status = $1', 'running')).length === 0,
    );
  });
});

describe.each([
  ['killed and started again, empty,', () => redis.restart()],
  ['emptied', () => redis.command('flushall')],
])('Redis %s in the middle of a stream', (_how, lose) => {
  it('ends it with an error that has a code, and nothing hangs', async () => {
    await eventually('ready', ready);
    const { begun, delivery } = stream();
    await begun;
    const lost = performance.now();
    await lose();
    const { ended, events, streamId } = await delivery;
    expect(performance.now() - lost).toBeLessThan(12_000);
    const last = events.at(-1);
    expect([ended, last?.event, codeOf(last)]).toEqual([true, 'error', 'DEPENDENCY_UNAVAILABLE']);
    await eventually('recorded', async () => {
      const [run] = await rows('select status, problem from runs where stream_id = $1', streamId);
      return run?.['status'] === 'failed' && run['problem'] === 'DEPENDENCY_UNAVAILABLE';
    });
    const again = await ask('GET', `/v1/streams/${streamId}/events`, { headers: bearer(USER) });
    expect(again.seconds).toBeLessThan(3);
    expect([200, 426]).toContain(again.status);
  });

  it('leaves nothing behind: the next stream is whole', async () => {
    await eventually('no longer degraded', async () => {
      const { headers } = await ask('GET', '/healthz');
      return headers['x-countersign-degraded'] === undefined;
    });
    const { ended, events } = await stream().delivery;
    expect([ended, events.at(-1)?.event]).toEqual([true, 'complete']);
  });
});
