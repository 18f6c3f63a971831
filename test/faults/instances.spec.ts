import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diffEvents, type KeySet, type StreamEvent, verifyStream } from '#libs/sse/index.js';
import { bearer } from '../support/app.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { isFinished, type Reading, readStream, tokenOf } from '../support/stream-client.ts';

const KEY = 'instances-key-0123456789abcdefghijklmnop';
const OTHER = 'instances-key-of-another-tenant-0123456';
const BRIEF = JSON.stringify({ brief: 'Should the ferry line order two electric boats, or refit the old ones first?' });
const json = { ...bearer(KEY), 'content-type': 'application/json' };

const secrets = {
  ASSIST_API_KEYS: `${KEY}@acme:user,${OTHER}@globex:user`,
  SSE_RESUME_SECRET: 'resume-secret-of-all-instances-0123456789',
  SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

let redis: RedisServer;
let postgres: PostgresServer;
let upstream: ScriptedUpstream;
let environment: Record<string, string>;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  // About six seconds a draft: long enough to cut, kill and freeze in the middle of it.
  const structured = drafting(sampleDraft(24), { paceMs: 30, charactersPerChunk: 32 });
  upstream = await ScriptedUpstream.start([standard({ structured })], 0);
  environment = {
    ...secrets,
    REDIS_URL: redis.url,
    DATABASE_URL: await postgres.database(),
    MODEL_PROVIDERS: 'openai',
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'upstream-key',
  };
});

afterAll(async () => {
  await upstream?.close();
  await Promise.all([redis?.[Symbol.asyncDispose](), postgres?.[Symbol.asyncDispose]()]);
});

const draft = (server: ServiceProcess, cutAfterBytes = Number.POSITIVE_INFINITY) =>
  readStream(
    `${server.url}/assist/draft-graph/stream`,
    { method: 'POST', headers: json, body: BRIEF },
    { cutAfterBytes },
  );

function resume(
  server: ServiceProcess,
  received: readonly StreamEvent[],
  headers: Record<string, string> = {},
  onEvent: Reading['onEvent'] = () => undefined,
) {
  const all = {
    ...bearer(KEY),
    'x-resume-token': tokenOf(received) ?? '',
    'last-event-id': String(received.at(-1)?.seq ?? 0),
    ...headers,
  };
  return readStream(`${server.url}/assist/draft-graph/resume`, { method: 'POST', headers: all }, { onEvent });
}

const keysOf = async (server: ServiceProcess): Promise<KeySet> =>
  (await (await fetch(`${server.url}/.well-known/countersign-keys.json`)).json()) as KeySet;

const codeOf = (event: StreamEvent | undefined): unknown =>
  (JSON.parse(event?.data ?? '{}') as { code?: unknown }).code;

const seconds = async <T>(work: Promise<T>): Promise<{ readonly value: T; readonly took: number }> => {
  const start = performance.now();
  return { value: await work, took: (performance.now() - start) / 1_000 };
};

describe('two instances on one Redis', () => {
  let a: ServiceProcess;
  let b: ServiceProcess;

  beforeAll(async () => {
    [a, b] = await Promise.all([startService({ env: environment }), startService({ env: environment })]);
  });
  afterAll(() => Promise.all([a?.[Symbol.asyncDispose](), b?.[Symbol.asyncDispose]()]));

  it('a stream cut on one goes on live on the other, to the end', async () => {
    const first = await draft(a, 3_000);
    const rest = await resume(b, first.events);
    const received = [...first.events, ...rest.events];
    const control = await readStream(`${a.url}/v1/streams/${first.streamId}/events`, { headers: bearer(KEY) });
    expect(isFinished(first.events)).toBe(false);
    expect([rest.streamId, control.streamId]).toEqual([first.streamId, first.streamId]);
    expect(received.at(-1)?.event).toBe('complete');
    expect(diffEvents(received, control.events)).toBeUndefined();
    expect(await verifyStream(first.streamId, received, await keysOf(b))).toMatchObject({ valid: true });
  });

  it('replay mode closes after what is stored', async () => {
    const first = await draft(a, 3_000);
    const { value: replay, took } = await seconds(
      resume(b, first.events, { 'x-resume-mode': 'replay', 'last-event-id': '0' }),
    );
    expect(took).toBeLessThan(3);
    expect(isFinished(replay.events)).toBe(false);
    expect(replay.events.length).toBeGreaterThanOrEqual(
      first.events.length - (first.events.find(({ event }) => event === 'resume')?.seq ?? 0),
    );
    await fetch(`${a.url}/v1/streams/${first.streamId}`, { method: 'DELETE', headers: bearer(KEY) });
  });

  it('a cancel on one stops the model call of the other within a second, and the stream says so', async () => {
    const first = await draft(a, 3_000);
    const call = await upstream.received(upstream.requests.length);
    const reading = resume(b, first.events);
    const cancelled = performance.now();
    const answer = await fetch(`${b.url}/v1/streams/${first.streamId}`, { method: 'DELETE', headers: bearer(KEY) });
    await call.over;
    expect(performance.now() - cancelled).toBeLessThan(1_500);
    expect(answer.status).toBe(200);
    const { events } = await reading;
    expect([events.at(-1)?.event, codeOf(events.at(-1))]).toEqual(['error', 'CANCELLED']);
    expect(await verifyStream(first.streamId, [...first.events, ...events], await keysOf(a))).toMatchObject({
      valid: true,
    });
  });

  it('another tenant gets nothing of it: neither by token nor by id', async () => {
    const first = await draft(a, 3_000);
    const foreign = { method: 'POST', headers: { ...bearer(OTHER), 'x-resume-token': tokenOf(first.events) ?? '' } };
    expect((await fetch(`${b.url}/assist/draft-graph/resume`, foreign)).status).toBe(401);
    expect((await fetch(`${b.url}/v1/streams/${first.streamId}/events`, { headers: bearer(OTHER) })).status).toBe(404);
    expect(
      (await fetch(`${b.url}/v1/streams/${first.streamId}`, { method: 'DELETE', headers: bearer(OTHER) })).status,
    ).toBe(404);
    expect((await resume(b, first.events)).events.at(-1)?.event).toBe('complete');
  });

  it('after kill -9 of the producer the other serves what was stored, then a terminal error within 10 s', async () => {
    const doomed = await startService({ env: environment });
    const first = await draft(doomed, 4_000);
    const watching = resume(b, first.events);
    await doomed.stop('SIGKILL');
    const { value: rest, took } = await seconds(watching);
    const received = [...first.events, ...rest.events];
    expect(took).toBeLessThan(10);
    expect(received.at(-1)?.event).toBe('error');
    expect(await verifyStream(first.streamId, received, await keysOf(b))).toMatchObject({ valid: true });
    await doomed[Symbol.asyncDispose]();
  });

  it('SIGTERM loses nothing: the reader goes on elsewhere and reads the stream to its end', async () => {
    const leaving = await startService({ env: environment });
    const first = await draft(leaving, 3_000);
    const watching = resume(leaving, first.events);
    const { value: code, took } = await seconds(leaving.stop('SIGTERM'));
    const handedOver = [...first.events, ...(await watching).events];
    const rest = isFinished(handedOver) ? { events: [] } : await resume(b, handedOver);
    const received = [...handedOver, ...rest.events];
    expect({ code, inTime: took < 11 }).toEqual({ code: 0, inTime: true });
    expect(isFinished(received)).toBe(true);
    expect(await verifyStream(first.streamId, received, await keysOf(b))).toMatchObject({ valid: true });
    await leaving[Symbol.asyncDispose]();
  });
});

describe('Redis frozen for 20 s in mid-stream', () => {
  it('nothing hangs, new streams run degraded, and everything recovers by itself', async () => {
    await using server = await startService({ env: environment });
    const first = await draft(server, 3_000);
    const attached = Promise.withResolvers<void>();
    const watching = seconds(resume(server, first.events, {}, () => attached.resolve()));
    await attached.promise;
    redis.freeze();
    const thawAt = performance.now() + 20_000;
    try {
      const { value: broken, took } = await watching;
      expect(took).toBeLessThan(15);
      expect([broken.events.at(-1)?.event, codeOf(broken.events.at(-1))]).toEqual(['error', 'DEPENDENCY_UNAVAILABLE']);

      const health = await seconds(fetch(`${server.url}/readyz`));
      expect(health.value.status).toBe(200);
      expect(health.value.headers.get('x-countersign-degraded')).toContain('redis');

      const lost = await seconds(resume(server, first.events));
      expect({ status: lost.value.status, soon: lost.took < 3 }).toEqual({ status: 426, soon: true });

      const fresh = await draft(server);
      expect(fresh.events.at(-1)?.event).toBe('complete');
    } finally {
      while (performance.now() < thawAt) await new Promise((resolve) => setTimeout(resolve, 100));
      redis.thaw();
    }
    const deadline = performance.now() + 10_000;
    let degraded: string | null = 'redis';
    while (degraded !== null && performance.now() < deadline) {
      degraded = (await fetch(`${server.url}/healthz`)).headers.get('x-countersign-degraded');
    }
    expect(degraded).toBeNull();
    const after = await draft(server);
    expect(after.events.at(-1)?.event).toBe('complete');
    const ended = await resume(server, first.events);
    expect(isFinished(ended.events)).toBe(true);
    expect(await verifyStream(first.streamId, [...first.events, ...ended.events], await keysOf(server))).toMatchObject({
      valid: true,
    });
  });
});
