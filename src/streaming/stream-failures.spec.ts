import { describe, expect, it } from '@jest/globals';
import { verifyStream } from '#libs/sse/index.js';
import { enterContext, type RequestContext } from '#src/kernel/index.js';
import { FaultyHot } from '../../test/support/faulty-hot.ts';
import { StreamCollector } from '../../test/support/stream-collector.ts';
import { follow, open } from '../../test/support/stream-script.ts';
import { StreamWorld } from '../../test/support/stream-world.ts';

describe('a producer that dies', () => {
  it('has its stream ended by whoever listens, within seconds, with an error and a valid receipt', async () => {
    const world = new StreamWorld();
    const [doomed, other] = [world.instance(), world.instance()];
    const run = await open(world, doomed);
    const readers = [await follow(world, other, run.streamId), await follow(world, other, run.streamId)];
    await run.writer.emit('stage', 1);
    await world.settle();
    doomed.kill();
    await world.clock.advance(7_000);
    const [first, second] = readers;
    expect(first?.outline).toEqual(['1 stage', '2 resume', '3 error']);
    expect(first?.last).toMatchObject({ code: 'INTERNAL' });
    expect(second?.bytes).toEqual(first?.bytes);
    expect(await verifyStream(run.streamId, first?.events ?? [], { keys: world.publicKeys })).toMatchObject({
      valid: true,
    });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('failed');
  });

  it('has its stream ended by the next reader when nobody listened', async () => {
    const world = new StreamWorld();
    const doomed = world.instance();
    const run = await open(world, doomed);
    await run.writer.emit('stage', 1);
    doomed.kill();
    await world.clock.advance(60_000);
    const replay = await follow(world, world.instance(), run.streamId, { live: false });
    await world.settle();
    expect(replay.outline).toEqual(['1 stage', '2 resume', '3 error']);
  });

  it('ended before the first event leaves a stream of one error', async () => {
    const world = new StreamWorld();
    const doomed = world.instance();
    const run = await open(world, doomed);
    doomed.kill();
    await world.clock.advance(6_000);
    const reader = await follow(world, world.instance(), run.streamId);
    await world.settle();
    expect(reader.outline).toEqual(['1 error']);
    expect(await verifyStream(run.streamId, reader.events, { keys: world.publicKeys })).toMatchObject({ valid: true });
  });

  it('and was only slow writes nothing more: the stream has one end', async () => {
    const world = new StreamWorld();
    const [slow, other] = [world.instance(), world.instance()];
    const run = await open(world, slow);
    await run.writer.emit('stage', 1);
    slow.kill();
    await world.clock.advance(6_000);
    const reader = await follow(world, other, run.streamId);
    await world.settle();
    await run.writer.emit('stage', 'too late');
    run.complete({});
    await world.clock.advance(100);
    expect(run.writer.signal.aborted).toBe(true);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 error']);
    await expect(run.writer.emit('stage', 'again')).rejects.toThrow('Another process ended this stream');
  });

  it('after it wrote down how the run ended is finished the way it meant to', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const doomed = world.instance(hot);
    const run = await open(world, doomed);
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.gate = new Promise(() => undefined);
    run.complete({ answer: 42 });
    await world.settle();
    doomed.kill();
    await world.clock.advance(6_000);
    const reader = await follow(world, world.instance(), run.streamId);
    await world.settle();
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 complete']);
    expect(reader.last).toMatchObject({ payload: { answer: 42 } });
  });

  it('is not declared dead while it is only silent', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    const reader = await follow(world, world.instance(), run.streamId);
    await world.clock.advance(120_000);
    run.complete({});
    await world.clock.advance(10);
    expect(reader.outline).toEqual(['1 complete']);
  });
});

describe('cancelling', () => {
  it('stops the work at once and ends the stream with CANCELLED', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
    await run.writer.emit('stage', 1);
    expect(await instance.streams.cancel(run.streamId, world.owner)).toMatchObject({ status: 'cancelling' });
    expect(run.writer.signal.aborted).toBe(true);
    await world.clock.advance(10);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 error']);
    expect(reader.last).toMatchObject({ code: 'CANCELLED' });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('cancelled');
  });

  it('reaches a run on another instance within a second', async () => {
    const world = new StreamWorld();
    const run = await open(world, world.instance());
    const other = world.instance();
    expect(await other.streams.cancel(run.streamId, world.owner)).toMatchObject({ status: 'cancelling' });
    await world.clock.advance(1_010);
    expect(run.writer.signal.aborted).toBe(true);
    expect(await other.streams.cancel(run.streamId, world.owner)).toEqual({ id: run.streamId, status: 'cancelled' });
  });

  it('a finished stream changes nothing and tells how it ended', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    run.complete({});
    await world.clock.advance(10);
    expect(await instance.streams.cancel(run.streamId, world.owner)).toEqual({ id: run.streamId, status: 'completed' });
  });

  it('a stream whose producer died ends it there and then', async () => {
    const world = new StreamWorld();
    const doomed = world.instance();
    const run = await open(world, doomed);
    doomed.kill();
    await world.clock.advance(6_000);
    const { streams } = world.instance();
    expect(await streams.cancel(run.streamId, world.owner)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a store that does not answer', () => {
  it('for a moment costs nothing: no event is lost or repeated', async () => {
    const world = new StreamWorld();
    const hot = new FaultyHot(world.hot);
    const instance = world.instance(hot);
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
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
    const instance = world.instance(hot);
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
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
    const reader = new StreamCollector(await opened.read());
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
    const instance = world.instance(hot);
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
    await run.writer.emit('stage', 1);
    await world.settle();
    hot.forgot = true;
    await world.clock.advance(4_000);
    expect(run.writer.signal.aborted).toBe(true);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 error']);
    expect(reader.last).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', receipt: { count: 2 } });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('failed');
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

describe('the durable record', () => {
  it('is written before anybody sees the end', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
    world.record.available = false;
    run.complete({});
    await world.clock.advance(1_500);
    expect(reader.outline).toEqual([]);
    world.record.available = true;
    await world.clock.advance(1_000);
    expect(world.record.archived.has(run.streamId)).toBe(true);
    expect(reader.outline).toEqual(['1 complete']);
  });

  it('holds the end up for two seconds at most, and is caught up with later', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
    world.record.available = false;
    run.complete({});
    await world.settle();
    await world.clock.advance(2_000);
    expect(reader.outline).toEqual(['1 complete']);
    world.record.available = true;
    await world.clock.advance(120_000);
    expect(world.record.archived.get(run.streamId)?.terminal.seq).toBe(1);
  });

  it('answers late resumes byte for byte once the log is gone', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    for (let n = 0; n < 5; n += 1) await run.writer.emit('stage', n);
    run.complete({});
    await world.clock.advance(10);
    const soon = await follow(world, instance, run.streamId);
    await world.clock.advance(3_700_000);
    for (let after = 0; after <= 7; after += 1) {
      const late = await follow(world, instance, run.streamId, { after });
      await world.settle();
      expect(late.events).toEqual(soon.events.slice(after));
      expect(late.state).toBe('closed');
    }
    await expect(follow(world, instance, run.streamId, { after: 8 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a process that is asked to stop', () => {
  it('opens nothing, lets runs finish, and their readers see the end', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    const reader = await follow(world, instance, run.streamId);
    const drained = instance.drain.start();
    await expect(open(world, instance)).rejects.toMatchObject({ code: 'NOT_READY' });
    await world.clock.advance(1_000);
    run.complete({});
    await world.clock.advance(10);
    await drained;
    expect(reader.outline).toEqual(['1 complete']);
  });

  it('hands readers of longer runs over with a fresh token: they go on elsewhere and lose nothing', async () => {
    const world = new StreamWorld();
    const [leaving, staying] = [world.instance(), world.instance()];
    const run = await open(world, leaving);
    const reader = await follow(world, leaving, run.streamId);
    await run.writer.emit('stage', 1);
    void leaving.drain.start();
    await world.settle();
    await world.clock.advance(4_500);
    expect(reader).toMatchObject({ state: 'closed', outline: ['1 stage', '2 resume', '3 resume'] });
    const { token } = reader.last as { token: string };
    const resumed = new StreamCollector((await staying.streams.resume(token, world.owner, { live: true })).bytes);
    await run.writer.emit('stage', 2);
    run.complete({});
    await world.clock.advance(100);
    expect(resumed.outline).toEqual(['4 stage', '5 complete']);
  });

  it('ends what still runs at the very end with an explicit error', async () => {
    const world = new StreamWorld();
    const [leaving, staying] = [world.instance(), world.instance()];
    const run = await open(world, leaving);
    const reader = await follow(world, staying, run.streamId);
    const drained = leaving.drain.start();
    await world.clock.advance(9_500);
    await drained;
    expect(run.writer.signal.aborted).toBe(true);
    expect(reader.last).toMatchObject({ code: 'NOT_READY', status: 503 });
  });
});

describe('a resume token', () => {
  it('leads on from where it was given, or from a later event the reader names', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    for (let n = 0; n < 5; n += 1) await run.writer.emit('stage', n);
    run.complete({});
    await world.clock.advance(10);
    const whole = await follow(world, instance, run.streamId);
    await world.settle();
    const { token } = JSON.parse(whole.events[1]?.data ?? '{}') as { token: string };
    const from = async (lastEventId?: number) => {
      const reader = new StreamCollector(
        (await instance.streams.resume(token, world.owner, { lastEventId, live: false })).bytes,
      );
      await world.settle();
      return reader.events;
    };
    expect(await from()).toEqual(whole.events.slice(2));
    expect(await from(4)).toEqual(whole.events.slice(4));
  });

  it('is not accepted from anybody but the owner, and not for ever', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const run = await open(world, instance);
    await run.writer.emit('stage', 1);
    const reader = await follow(world, instance, run.streamId);
    await world.settle();
    const { token } = reader.last as { token: string };
    const invalid = { code: 'RESUME_TOKEN_INVALID' };
    const { streams } = instance;
    const stranger = { ...world.owner, principalId: 'key_2' };
    await expect(streams.resume(token, stranger, { live: true })).rejects.toMatchObject(invalid);
    await world.clock.advance(900_000);
    await expect(streams.resume(token, world.owner, { live: true })).rejects.toMatchObject(invalid);
  });
});
