import { describe, expect, it } from '@jest/globals';
import { StreamCollector } from '../../test/support/stream-collector.ts';
import { follow, open } from '../../test/support/stream-script.ts';
import { StreamWorld } from '../../test/support/stream-world.ts';

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
