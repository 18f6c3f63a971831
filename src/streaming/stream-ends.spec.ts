import { describe, expect, it } from '@jest/globals';
import { verifyStream } from '#libs/sse/index.js';
import { FaultyHot } from '../../test/support/faulty-hot.ts';
import { follow, open, watched } from '../../test/support/stream-script.ts';
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

  it('and was only slow tells its own readers the end that the other wrote', async () => {
    const world = new StreamWorld();
    const { instance: slow, run, reader } = await watched(world);
    await run.writer.emit('stage', 1);
    await world.settle();
    slow.kill();
    await world.clock.advance(6_000);
    await follow(world, world.instance(), run.streamId);
    await world.settle();
    await run.writer.emit('stage', 'too late');
    run.complete({});
    await world.clock.advance(100);
    expect(reader.outline).toEqual(['1 stage', '2 resume', '3 error']);
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
    const { instance, run, reader } = await watched(world);
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

describe('the durable record', () => {
  it('is written before anybody sees the end', async () => {
    const world = new StreamWorld();
    const { run, reader } = await watched(world);
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
    const { run, reader } = await watched(world);
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
