import { describe, expect, it } from '@jest/globals';
import { verifyStream } from '#libs/sse/index.js';
import { AppError } from '#src/kernel/index.js';
import { FaultyHot } from '../../test/support/faulty-hot.ts';
import { finished, follow, open, watched } from '../../test/support/stream-script.ts';
import { StreamWorld } from '../../test/support/stream-world.ts';

describe('a stream', () => {
  it('numbers its events without holes, carries a token after the first, and ends with payload and receipt', async () => {
    const world = new StreamWorld();
    const { control } = await finished(world, world.instance());
    expect(control.outline).toEqual([
      '1 stage',
      '2 resume',
      ...Array.from({ length: 9 }, (_, at) => `${at + 3} stage`),
      '12 complete',
    ]);
    expect(control.last).toMatchObject({ payload: { answer: 42 }, receipt: { count: 11 } });
    expect(control.state).toBe('closed');
    expect(control.bytes.toString()).toMatch(/^retry: 2000\n\nid: 1\nevent: stage\n/);
  });

  it('shows the first event at once, and what follows within 5 ms', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId, writer } = await open(world, instance);
    const reader = await follow(world, instance, streamId);
    await writer.emit('stage', 1);
    await world.settle();
    expect(reader.lastSeq).toBe(2);
    await writer.emit('stage', 2);
    await writer.emit('stage', 3);
    await world.settle();
    expect(reader.lastSeq).toBe(2);
    await world.clock.advance(5);
    expect(reader.lastSeq).toBe(4);
  });

  it.each([
    ['no event', 0],
    ['a few events', 3],
  ])('is read by who asked for it without asking the store, %s after it began', async (_when, before) => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const run = await open(world, world.instance(hot));
    const emit = async (n: number) => {
      await run.writer.emit('stage', { n });
      await world.clock.advance(10);
    };
    for (let n = 0; n < before; n += 1) await emit(n);
    const reader = run.read();
    for (let n = before; n < 6; n += 1) await emit(n);
    await world.settle();
    expect(reader.lastSeq).toBe(7);
    expect(hot.reads).toBe(0);
    run.complete({ answer: 42 });
    await world.clock.advance(10);
    await world.settle();
    const later = await follow(world, world.instance(), run.streamId);
    await world.settle();
    expect(reader.bytes.equals(later.bytes)).toBe(true);
  });

  it('is not subscribed to for a reader that has the end and only takes its time', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const instance = world.instance(hot);
    const run = await open(world, instance);
    const log = await instance.streams.follow(run.streamId, world.owner, { live: true });
    const reader = log[Symbol.asyncIterator]();
    await reader.next();
    const end = reader.next();
    await world.settle();
    run.complete({ answer: 42 });
    await world.clock.advance(10);
    await world.settle();
    expect(Buffer.from((await end).value).toString()).toContain('event: complete');
    expect(hot.subscriptions).toBe(0);
    expect((await reader.next()).done).toBe(true);
  });

  it('is read from the store by who comes when much of it is written', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const run = await open(world, world.instance(hot));
    for (let n = 1; n <= 3; n += 1) {
      await run.writer.emit('stage', { text: 'x'.repeat(4_000) });
      await world.clock.advance(10);
    }
    const reader = run.read();
    await world.settle();
    expect(reader.lastSeq).toBe(4);
    expect(hot.reads).toBeGreaterThan(0);
  });

  it('refreshes its token before the old one is half spent', async () => {
    const world = new StreamWorld({ SSE_RESUME_TTL_MS: '10000' });
    const instance = world.instance();
    const { streamId, writer } = await open(world, instance);
    await writer.emit('stage', 1);
    await world.clock.advance(4_999);
    const reader = await follow(world, instance, streamId);
    await world.settle();
    const tokens = reader.events.filter(({ event }) => event === 'resume').map(({ data }) => JSON.parse(data));
    expect(tokens).toHaveLength(2);
    expect(Date.parse(tokens[1]?.expires_at) - world.clock.now()).toBeGreaterThan(9_000);
  });

  it('ends with the problem its work ended with', async () => {
    const world = new StreamWorld();
    const { run, reader } = await watched(world);
    run.fail(new AppError('UPSTREAM_TIMEOUT', 'The model did not answer', { retryAfterMs: 1_500 }));
    await world.clock.advance(10);
    await world.settle();
    expect(reader.last).toMatchObject({ code: 'UPSTREAM_TIMEOUT', status: 504, retry_after_seconds: 2 });
    expect(reader.last).toMatchObject({ receipt: { count: 0 } });
  });

  it('says nothing of an unforeseen failure but that there was one', async () => {
    const world = new StreamWorld();
    const { run, reader } = await watched(world);
    run.fail(new Error('secret'));
    await world.clock.advance(10);
    await world.settle();
    expect(reader.last).toMatchObject({ code: 'INTERNAL' });
    expect(reader.bytes.toString()).not.toContain('secret');
  });

  it.each(['complete', 'error', 'resume', 'gap', 'two\nlines', 'data: x', ''])(
    'cannot be made to carry an event called %j',
    async (event) => {
      const world = new StreamWorld();
      const { writer } = await open(world, world.instance());
      await expect(writer.emit(event, {})).rejects.toThrow(TypeError);
    },
  );

  it('holds its producer back while the store is slow, and lets it go on when there is room', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const { writer } = await open(world, world.instance(hot));
    const gate = Promise.withResolvers<void>();
    hot.gate = gate.promise;
    let emitted = 0;
    const producing = (async () => {
      for (; emitted < 400; emitted += 1) await writer.emit('stage', emitted);
    })();
    await world.clock.advance(100);
    expect(emitted).toBeGreaterThan(200);
    expect(emitted).toBeLessThan(260);
    gate.resolve();
    await world.clock.advance(20);
    await producing;
    expect(emitted).toBe(400);
  });

  it('names what was trimmed, never skips it silently', async () => {
    const world = new StreamWorld({ SSE_BUFFER_MAX_EVENTS: '5' });
    const instance = world.instance();
    const { streamId, writer } = await open(world, instance);
    for (let n = 0; n < 20; n += 1) {
      await writer.emit('stage', n);
      await world.clock.advance(5);
    }
    const reader = await follow(world, instance, streamId, { after: 3 });
    await world.settle();
    expect(reader.outline[0]).toBe('16 gap');
    expect(JSON.parse(reader.events[0]?.data ?? '')).toEqual({ from_seq: 4, to_seq: 16, reason: 'trimmed' });
    expect(reader.events[1]?.seq).toBe(17);
  });

  it('sends a heartbeat after silence, and only then', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId, writer } = await open(world, instance);
    const reader = await follow(world, instance, streamId);
    await world.clock.advance(9_000);
    await writer.emit('stage', 1);
    await world.clock.advance(9_000);
    expect(reader.bytes.toString()).not.toContain('heartbeat');
    await world.clock.advance(2_000);
    expect(reader.bytes.toString()).toMatch(/\n\n: heartbeat\n\n$/);
  });

  it('does not mind readers that leave, and a reader that leaves while it waits is gone at once', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId, writer, complete } = await open(world, instance);
    const leaving = (await instance.streams.follow(streamId, world.owner, { live: true }))[Symbol.asyncIterator]();
    await leaving.next();
    const waiting = leaving.next();
    await world.settle();
    await leaving.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await writer.emit('stage', 1);
    complete({});
    await world.clock.advance(10);
    const reader = await follow(world, instance, streamId);
    await world.settle();
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 complete']);
  });

  it('costs the store one subscription a process and no reads while it flows, however many listen', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const producer = world.instance();
    const listener = world.instance(hot);
    const { streamId, writer } = await open(world, producer);
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow(world, listener, streamId)));
    await world.settle();
    const { reads } = hot;
    for (let n = 0; n < 50; n += 1) {
      await writer.emit('stage', n);
      await world.clock.advance(5);
    }
    expect(readers.map(({ lastSeq }) => lastSeq)).toEqual(readers.map(() => 51));
    expect(hot.subscriptions).toBe(1);
    expect(hot.reads).toBe(reads);
  });

  it('is proven by its receipt', async () => {
    const world = new StreamWorld();
    const { streamId, control } = await finished(world, world.instance());
    const keys = { keys: [...world.publicKeys] };
    expect(await verifyStream(streamId, control.events, keys)).toEqual({ valid: true, count: 11 });
  });

  it('closes a replay where it is now', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId, writer } = await open(world, instance);
    await writer.emit('stage', 1);
    await world.settle();
    const reader = await follow(world, instance, streamId, { live: false });
    await world.settle();
    expect(reader).toMatchObject({ state: 'closed', lastSeq: 2 });
  });

  it('refuses a cursor beyond its end', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId } = await finished(world, instance);
    await expect(follow(world, instance, streamId, { after: 13 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it.each([
    ['another tenant', { tenantId: 'globex', principalId: 'key_1' }],
    ['another principal of the tenant', { tenantId: 'acme', principalId: 'key_2' }],
  ])('does not exist for %s', async (_who, stranger) => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId } = await open(world, instance);
    const missing = { code: 'NOT_FOUND' };
    await expect(instance.streams.follow(streamId, stranger, { live: true })).rejects.toMatchObject(missing);
    await expect(instance.streams.cancel(streamId, stranger)).rejects.toMatchObject(missing);
  });
});
