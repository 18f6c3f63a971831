import { describe, expect, it } from '@jest/globals';
import { verifyStream } from '#libs/sse/index.js';
import { enterContext, type RequestContext } from '#src/kernel/index.js';
import { FaultyHot } from '../../test/support/faulty-hot.ts';
import { StreamCollector } from '../../test/support/stream-collector.ts';
import { follow, open, watched } from '../../test/support/stream-script.ts';
import { StreamWorld } from '../../test/support/stream-world.ts';

describe('a store that does not answer', () => {
  it('for a moment costs nothing: no event is lost or repeated', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const { run, reader } = await watched(world, hot);
    for (let n = 0; n < 20; n += 1) {
      hot.down = n % 5 === 3;
      hot.swallowsAnswers = n % 5 === 1;
      await run.writer.emit('stage', n);
      await world.clock.advance(400);
    }
    hot.down = false;
    run.complete({});
    await world.clock.advance(2_000);
    expect(reader.outline).toHaveLength(22);
    expect(await verifyStream(run.streamId, reader.events, { keys: world.publicKeys })).toEqual({
      valid: true,
      count: 21,
    });
  });

  it('for long ends the run: readers here are told, and the log has the same end when the store is back', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const { run, reader } = await watched(world, hot);
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.down = true;
    await run.writer.emit('stage', 'unseen');
    await world.clock.advance(7_000);
    expect(run.writer.signal.aborted).toBe(true);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 gap', '4 error']);
    expect(reader.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', receipt: { count: 3 } });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('failed');
    hot.down = false;
    await world.clock.advance(5_000);
    const later = await follow(world, world.instance(), run.streamId);
    await world.settle();
    expect(later.outline).toEqual(['1 stage', '2 resume', '3 stage', '4 error']);
    expect(later.events.at(-1)).toEqual(reader.events.at(-1));
    expect(await verifyStream(run.streamId, later.events, { keys: world.publicKeys })).toMatchObject({ valid: true });
  });

  it('when a stream is opened is replaced by this process', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    hot.down = true;
    const instance = world.instance(hot);
    const run = await open(world, instance);
    await run.writer.emit('stage', 1);
    run.complete({});
    await world.clock.advance(10);
    const reader = await follow(world, instance, run.streamId);
    await world.settle();
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 complete']);
  });

  it('when a stream is opened is told to whoever asked for it', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const context: RequestContext = { requestId: 'request-1', traceId: '', fields: {} };
    enterContext(context);
    await open(world, world.instance(hot));
    expect(context.degraded).toBeUndefined();
    hot.down = true;
    await open(world, world.instance(hot));
    expect(context.degraded).toBe('redis');
  });

  it('from the moment a stream is opened does not turn away who asked for it: the run has the word', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const lost = Promise.withResolvers<void>();
    const work = { owner: world.owner, kind: 'test', runId: 'run_1' };
    const opened = await world.instance(hot).streams.open(work, async ({ emit }) => {
      await lost.promise;
      await emit('stage', 1);
      return new Promise(() => undefined);
    });
    hot.down = true;
    lost.resolve();
    const reader = new StreamCollector(opened.read());
    await world.clock.advance(10_000);
    expect(reader.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', receipt: { count: 2 } });
  });

  it('makes its streams impossible to resume, and says so', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const run = await open(world, world.instance(hot));
    hot.down = true;
    await expect(follow(world, world.instance(hot), run.streamId)).rejects.toMatchObject({
      code: 'RESUME_UNAVAILABLE',
    });
  });

  it('ends a reader elsewhere by breaking its connection, not by an end that looks like one', async () => {
    const world = new StreamWorld();
    const run = await open(world, world.instance());
    const hot = new FaultyHot(world.hot);
    const reader = await follow(world, world.instance(hot), run.streamId);
    await world.settle();
    hot.down = true;
    await world.clock.advance(15_000);
    expect(reader.state).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });
});

describe('a store that takes nothing new', () => {
  it('leaves nobody waiting for an end that cannot be written: readers here get theirs, others are cut off', async () => {
    const world = new StreamWorld();
    const [hot, otherHot] = [new FaultyHot(world.hot), new FaultyHot(world.hot)];
    const instance = world.instance(hot);
    const run = await open(world, instance);
    const readers = [
      await follow(world, instance, run.streamId),
      await follow(world, world.instance(otherHot), run.streamId),
    ];
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.full = true;
    otherHot.full = true;
    await run.writer.emit('stage', 'unseen');
    await world.clock.advance(30_000);
    const [here, elsewhere] = readers;
    expect(here?.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(elsewhere?.outline).toEqual(['1 stage', '2 resume']);
    expect(elsewhere?.state).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });
});

describe('a store that took nothing new for longer than a hold lasts', () => {
  it('turns no new reader away from a log whose producer may be gone: what there is can be read', async () => {
    const world = new StreamWorld();
    const [near, far] = [new FaultyHot(world.hot), new FaultyHot(world.hot)];
    const run = await open(world, world.instance(near));
    await run.writer.emit('stage', 1);
    await world.settle();
    near.full = true;
    far.full = true;
    // Longer than a producer may stay silent, and shorter than it tries.
    await world.clock.advance(6_000);
    const reader = await follow(world, world.instance(far), run.streamId);
    await world.settle();
    expect(reader.outline).toEqual(['1 stage', '2 resume']);
  });

  it('does not make orphans of the logs whose producers live', async () => {
    const world = new StreamWorld();
    const [hot, otherHot] = [new FaultyHot(world.hot), new FaultyHot(world.hot)];
    const run = await open(world, world.instance(hot));
    const elsewhere = await follow(world, world.instance(otherHot), run.streamId);
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.full = true;
    otherHot.full = true;
    await run.writer.emit('stage', 2);
    await world.clock.advance(8_000);
    otherHot.full = false;
    await world.clock.advance(2_000);
    hot.full = false;
    await world.clock.advance(5_000);
    expect(elsewhere.outline).toEqual(['1 stage', '2 resume', '3 stage', '4 error']);
    expect(elsewhere.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });
});

describe('a store that forgets', () => {
  it('ends the stream for those who listen, with a clear error', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const { run, reader } = await watched(world, hot);
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.forgot = true;
    await world.clock.advance(4_000);
    expect(run.writer.signal.aborted).toBe(true);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 error']);
    expect(reader.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', receipt: { count: 2 } });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('failed');
  });

  it('notices costs the readers beside the producer nothing: they hear of each event from the run', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const { run, reader } = await watched(world, hot);
    await world.settle();
    await run.writer.emit('stage', 1);
    run.complete({});
    await world.clock.advance(10);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 complete']);
    expect(hot.subscriptions).toBe(0);
  });

  it('notices is not one that loses notices: readers look for themselves', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    hot.deaf = true;
    const run = await open(world, world.instance());
    const reader = await follow(world, world.instance(hot), run.streamId);
    await world.settle();
    await run.writer.emit('stage', 1);
    await world.clock.advance(2_000);
    expect(reader.outline).toEqual(['1 stage', '2 resume']);
  });
});
