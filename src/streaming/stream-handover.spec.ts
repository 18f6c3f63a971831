import { describe, expect, it } from '@jest/globals';
import { StreamCollector } from '../../test/support/stream-collector.ts';
import { follow, open, watched } from '../../test/support/stream-script.ts';
import { StreamWorld } from '../../test/support/stream-world.ts';
import type { StreamWriter } from './stream-run.js';

describe('a process that is asked to stop', () => {
  it('opens nothing, lets runs finish, and their readers see the end', async () => {
    const world = new StreamWorld();
    const { instance, run, reader } = await watched(world);
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

  it('can leave a run to another one, which goes on with the same log at once; its readers see one stream', async () => {
    const world = new StreamWorld();
    const [leaving, staying] = [world.instance(), world.instance()];
    const stream = {
      owner: world.owner,
      kind: 'background-response',
      runId: 'run_1',
      subject: { id: 'resp_1', model: 'm' },
    };
    const begun = Promise.withResolvers<StreamWriter>();
    const work = (writer: StreamWriter) => {
      begun.resolve(writer);
      return new Promise(() => undefined);
    };
    const { streamId, leave, over } = await leaving.streams.open(stream, work);
    const writer = await begun.promise;
    await writer.emit('response.created', { sequence_number: 0 });
    const reader = await follow(world, leaving, streamId);
    expect(await staying.streams.reopen(streamId, stream, work)).toBeUndefined();
    leave();
    expect(await over).toBe('left');
    expect(writer.signal.aborted).toBe(true);
    await world.clock.advance(10);

    const again = await staying.streams.reopen(streamId, stream, async ({ emit, lastSeq }) => {
      await emit('response.in_progress', { sequence_number: lastSeq });
      return { id: 'resp_1', status: 'completed' };
    });
    await world.clock.advance(10);
    expect(await again?.over).toBe('ended');
    await world.settle();
    expect(reader.outline).toEqual(['1 response.created', '2 response.in_progress', '3 response.completed']);
    leave();
    expect(reader.state).toBe('closed');
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
