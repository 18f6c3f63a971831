import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { type KeySet, verifyStream } from '#libs/sse/index.js';
import { AppError, Ids } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { Runs, type StreamOwner, Streams, type StreamWriter } from '#src/streaming/index.js';
import { signingKeys } from '../../src/audit/signing-keys.table.ts';
import { runs } from '../../src/streaming/runs.table.ts';
import { streamArchives } from '../../src/streaming/stream-archives.table.ts';
import { StreamHub } from '../../src/streaming/stream-hub.service.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { expectEdgeHeaders } from '../support/edge-headers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { readStream } from '../support/stream-client.ts';

const authorized = { headers: bearer(keys.user) };

interface Run {
  readonly runId: string;
  readonly streamId: string;
  readonly writer: StreamWriter;
  readonly complete: (payload: unknown) => void;
}

/** Who the key `user` of the test application is. */
async function userOf(server: TestApp): Promise<StreamOwner> {
  await server.inject({ url: '/v1/streams/none/events', ...authorized });
  const line = server.logged().find(({ principal_id: id }) => id !== undefined);
  return { tenantId: String(line?.['tenant_id']), principalId: String(line?.['principal_id']) };
}

/** A run of that caller whose work the test does by hand. */
async function open(server: TestApp, owner: StreamOwner, settle?: (tx: Tx) => Promise<void>): Promise<Run> {
  const runId = server.app.get(Ids).next('run');
  const { promise, resolve: complete } = Promise.withResolvers<unknown>();
  const started = Promise.withResolvers<StreamWriter>();
  const spec = { owner, kind: 'test', runId, requestSha256: 'ab', ...(settle === undefined ? {} : { settle }) };
  const { streamId } = await server.app.get(Streams).open(spec, (writer) => {
    started.resolve(writer);
    return promise;
  });
  return { runId, streamId, writer: await started.promise, complete };
}

const rowOf = (server: TestApp, runId: string) =>
  server.app.get(Sql).tenant('acme', async (tx) => (await tx.select().from(runs).where(eq(runs.id, runId)))[0]);

/** The row once it is settled, or as it is after a thousand looks. */
async function over(server: TestApp, runId: string) {
  let row = await rowOf(server, runId);
  for (let looks = 0; row?.status === 'running' && looks < 1_000; looks += 1) row = await rowOf(server, runId);
  return row;
}

describe('streams over HTTP', () => {
  let server: TestApp;
  let url = '';
  let owner: StreamOwner;
  const eventsOf = (id: string): string => `${url}/v1/streams/${id}/events`;

  beforeAll(async () => {
    server = await startApp();
    url = await server.listen();
    owner = await userOf(server);
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('are never buffered or cached on the way, and begin with the wait before a reconnect', async () => {
    const run = await open(server, owner);
    const response = await fetch(eventsOf(run.streamId), authorized);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('retry: 2000\n\n');
    await run.writer.emit('stage', { n: 1 });
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toMatch(
      /^id: 1\nevent: stage\ndata: {"n":1}\n\n/,
    );
    await reader?.cancel();
    run.complete({});
  });

  it('are the same for a reader from the start, one by Last-Event-ID and one that comes late, and prove it', async () => {
    const run = await open(server, owner);
    const live = readStream(eventsOf(run.streamId), authorized);
    for (let n = 0; n < 300; n += 1) await run.writer.emit('stage', { n });
    run.complete({ done: true });
    const control = await live;
    expect(control.ended).toBe(true);
    expect(control.events).toHaveLength(302);
    const from = async (id: number) =>
      (await readStream(eventsOf(run.streamId), { headers: { ...bearer(keys.user), 'last-event-id': String(id) } }))
        .events;
    for (const after of [0, 1, 2, 150, 301, 302]) expect(await from(after)).toEqual(control.events.slice(after));
    const keySet = (await (await fetch(`${url}/.well-known/countersign-keys.json`)).json()) as KeySet;
    expect(await verifyStream(run.streamId, control.events, keySet)).toEqual({ valid: true, count: 301 });
  });

  it('end with their run settled, in one transaction with what the feature writes', async () => {
    const seen: unknown[] = [];
    const run = await open(server, owner, async (tx) => {
      seen.push((await tx.select().from(runs).where(eq(runs.streamId, run.streamId)))[0]?.status);
    });
    expect(await rowOf(server, run.runId)).toMatchObject({ status: 'running', requestSha256: 'ab', kind: 'test' });
    run.complete({ answer: 42 });
    await readStream(eventsOf(run.streamId), authorized);
    expect(seen).toEqual(['completed']);
    expect(await rowOf(server, run.runId)).toMatchObject({
      status: 'completed',
      result: { answer: 42 },
      problem: null,
    });
  });

  it('end all the same when what the feature writes fails', async () => {
    const run = await open(server, owner, () => Promise.reject(new Error('the feature is wrong')));
    run.complete({});
    const { events } = await readStream(eventsOf(run.streamId), authorized);
    expect(events.at(-1)?.event).toBe('complete');
    expect(await rowOf(server, run.runId)).toMatchObject({ status: 'completed' });
  });

  it('stop when they are deleted, and tell how they ended when they are deleted again', async () => {
    const run = await open(server, owner);
    const reading = readStream(eventsOf(run.streamId), authorized);
    const cancel = () => fetch(`${url}/v1/streams/${run.streamId}`, { method: 'DELETE', ...authorized });
    expect(await (await cancel()).json()).toEqual({ id: run.streamId, status: 'cancelling' });
    expect(run.writer.signal.aborted).toBe(true);
    expect(JSON.parse((await reading).events.at(-1)?.data ?? '')).toMatchObject({ code: 'CANCELLED' });
    expect(await (await cancel()).json()).toEqual({ id: run.streamId, status: 'cancelled' });
    expect(await rowOf(server, run.runId)).toMatchObject({ status: 'cancelled', problem: 'CANCELLED' });
  });

  it('go on when their reader leaves', async () => {
    const run = await open(server, owner);
    await run.writer.emit('stage', { n: 1 });
    await readStream(eventsOf(run.streamId), authorized, { cutAfterBytes: 40 });
    expect(run.writer.signal.aborted).toBe(false);
    run.complete({});
    const { events } = await readStream(eventsOf(run.streamId), authorized);
    expect(events.at(-1)?.event).toBe('complete');
  });

  it('let go of a reader as soon as its connection is gone, and of a HEAD request at once', async () => {
    const run = await open(server, owner);
    const hub = server.app.get(StreamHub);
    await run.writer.emit('stage', { n: 1 });
    await readStream(eventsOf(run.streamId), authorized, { cutAfterBytes: 40 });
    const head = await fetch(eventsOf(run.streamId), { method: 'HEAD', ...authorized });
    expect(head.status).toBe(200);
    for (let turns = 0; hub.readers > 0 && turns < 1_000; turns += 1) await nextTurn();
    expect(hub.readers).toBe(0);
    run.complete({});
  });

  it('tell a failure in the words of the error table', async () => {
    const runId = server.app.get(Ids).next('run');
    const { streamId } = await server.app
      .get(Streams)
      .open({ owner, kind: 'test', runId }, () => Promise.reject(new AppError('UPSTREAM_FAILED', 'The model failed')));
    const { events } = await readStream(eventsOf(streamId), authorized);
    expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({
      type: 'urn:countersign:problem:upstream-failed',
      status: 502,
      code: 'UPSTREAM_FAILED',
      receipt: { count: 0 },
    });
    expect(await rowOf(server, runId)).toMatchObject({ status: 'failed', problem: 'UPSTREAM_FAILED' });
  });

  it('are checked with keys that anybody may fetch and keep for five minutes', async () => {
    const response = await fetch(`${url}/.well-known/countersign-keys.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys: list } = (await response.json()) as KeySet;
    expect(list).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', use: 'sig' })]);
    expect(JSON.stringify(list)).not.toContain('"d"');
    const published = await server.app.get(Sql).system((tx) => tx.select().from(signingKeys));
    expect(published.map(({ publicJwk }) => publicJwk)).toEqual(list);
  });
});

describe('streams and time', () => {
  const MINUTE = 60_000;

  it('stay provable with the keys of instances that are gone', async () => {
    const clock = new FakeClock(Date.now());
    await using server = await startApp({ clock });
    const publicJwk = {
      kid: 'former',
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'A'.repeat(43),
      use: 'sig',
      alg: 'EdDSA',
    } as const;
    await server.app.get(Sql).system(async (tx) => {
      await tx.insert(signingKeys).values({ kid: 'former', publicJwk, createdAt: new Date() });
    });
    const list = await server.inject({ url: '/.well-known/countersign-keys.json' });
    expect(list.json().keys).toContainEqual(publicJwk);
  });

  it('are kept for their time after their log is gone, and then say that nothing is kept', async () => {
    const clock = new FakeClock(Date.now());
    await using server = await startApp({ clock, env: { SSE_STATE_TTL_SEC: '60', SSE_SNAPSHOT_TTL_SEC: '1200' } });
    const owner = await userOf(server);
    const run = await open(server, owner);
    const read = (after = 0) =>
      server.inject({
        url: `/v1/streams/${run.streamId}/events`,
        headers: { ...bearer(keys.user), 'last-event-id': String(after) },
      });
    for (let n = 0; n < 500; n += 1) await run.writer.emit('stage', { n });
    run.complete({});
    await clock.advance(10);
    const soon = await read();
    expect(soon.body).toMatch(/event: complete\n/);
    await clock.leap(2 * MINUTE);
    expect((await read()).body).toBe(soon.body);
    expect((await read(400)).body).toBe(`retry: 2000\n\n${soon.body.slice(soon.body.indexOf('id: 401\n'))}`);
    await clock.leap(19 * MINUTE);
    const late = await read();
    expect(late.statusCode).toBe(426);
    expect(late.headers['upgrade']).toBe('resume=unsupported');
    expect(late.json()).toMatchObject({ code: 'RESUME_UNAVAILABLE' });
    await clock.leap(10 * MINUTE);
    const archived = () => server.app.get(Sql).system((tx) => tx.$count(streamArchives));
    let left = await archived();
    for (let looks = 0; left > 0 && looks < 1_000; looks += 1) left = await archived();
    expect(left).toBe(0);
  });

  it('that are over have nothing to say to who heard their last event, so that an EventSource stays away', async () => {
    const clock = new FakeClock(Date.now());
    await using server = await startApp({ clock, env: { SSE_STATE_TTL_SEC: '60' } });
    const run = await open(server, await userOf(server));
    const read = (after: number, key: string = keys.user) =>
      server.inject({
        url: `/v1/streams/${run.streamId}/events`,
        headers: { ...bearer(key), 'last-event-id': String(after) },
      });
    await run.writer.emit('stage', { n: 1 });
    run.complete({});
    // A stage, the token to resume with, and the end.
    expect((await read(2)).body).toMatch(/id: 3\nevent: complete\n/);
    const endings = async () => {
      const all = [await read(3), await read(4), await read(3, keys.foreign)];
      return all.map(({ statusCode, body }) => [statusCode, body === '' ? '' : JSON.parse(body).code]);
    };
    const expected = [
      [204, ''],
      [400, 'BAD_INPUT'],
      [404, 'NOT_FOUND'],
    ];
    expect(await endings()).toEqual(expected);
    expectEdgeHeaders((await read(3)).headers);
    await clock.leap(2 * MINUTE);
    expect(await endings()).toEqual(expected);
  });

  it('that were trimmed are reported to operators, once', async () => {
    await using server = await startApp({ env: { SSE_BUFFER_MAX_EVENTS: '10' } });
    const run = await open(server, await userOf(server));
    for (let n = 0; n < 100; n += 1) await run.writer.emit('stage', { n });
    run.complete({});
    const { body } = await server.inject({ url: `/v1/streams/${run.streamId}/events`, ...authorized });
    expect(body).toMatch(/event: gap\ndata: {"from_seq":1,"to_seq":\d+,"reason":"trimmed"}\n/);
    expect(server.logged().filter(({ event }) => event === 'stream.trimmed')).toHaveLength(1);
  });
});

describe('runs that lost their process', () => {
  it('are failed when the service starts again, and nothing else is', async () => {
    const clock = new FakeClock(Date.now());
    await using server = await startApp({ clock });
    const sql = server.app.get(Sql);
    const record = server.app.get(Runs);
    const owner = await userOf(server);
    const left = { tenantId: 'acme', principalId: 'p', kind: 'test', status: 'running' as const, requestSha256: '' };
    const before = new Date(clock.now() - 60_000);
    await sql.system(async (tx) => {
      await tx.insert(runs).values([
        { ...left, id: 'run_left', instance: 'a former process', createdAt: before },
        { ...left, id: 'run_lost', instance: record.instance, streamId: 'strm_lost', createdAt: before },
      ]);
    });
    const live = await open(server, owner);
    await clock.advance(10_000);
    for (const id of ['run_left', 'run_lost']) {
      expect(await over(server, id)).toMatchObject({ status: 'failed', problem: 'INTERNAL' });
    }
    expect(await rowOf(server, live.runId)).toMatchObject({ status: 'running' });
    live.complete({});
  });
});
