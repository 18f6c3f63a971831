import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseDecoder } from '#libs/sse/index.js';
import { finished, follow, open } from '../../test/support/stream-script.ts';
import { type StreamInstance, StreamWorld } from '../../test/support/stream-world.ts';

/** Longer than any event of these tests: a reader that is cut later than this makes progress. */
const LONGEST_EVENT = 800;

describe('a stream', () => {
  it('is the same for every reader that was cut after any event and came back', async () => {
    const world = new StreamWorld();
    const instance = world.instance();
    const { streamId, control } = await finished(world, instance);
    for (let after = 0; after <= control.lastSeq; after += 1) {
      const rest = await follow(world, instance, streamId, { after });
      await world.settle();
      expect(rest.events).toEqual(control.events.slice(after));
      expect(rest.state).toBe('closed');
    }
  });

  it('is the same for readers that are cut at any byte while it runs, on any instance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 400 }), { minLength: 3, maxLength: 3 }), async (cuts) => {
        const world = new StreamWorld();
        const instances = [world.instance(), world.instance()] as const;
        const run = await open(world, instances[0]);
        const readers = cuts.map((cut, at) =>
          cutReader(world, at === 0 ? instances[0] : instances[1], run.streamId, cut),
        );
        for (let n = 0; n < 20; n += 1) {
          await run.writer.emit('stage', { n, text: 'ü' });
          await world.clock.advance(n % 4);
        }
        run.complete({});
        await world.clock.advance(10);
        const control = await follow(world, instances[1], run.streamId);
        await world.settle();
        expect(control.outline).toHaveLength(22);
        for (const events of await Promise.all(readers)) expect(events).toEqual(control.events);
      }),
      { numRuns: 25 },
    );
  });
});

/** Reads some bytes, is cut, comes back with its last event id, until the stream ends. */
async function cutReader(world: StreamWorld, instance: StreamInstance, streamId: string, cut: number) {
  const events: { seq: number; event: string; data: string }[] = [];
  while (!['complete', 'error'].includes(events.at(-1)?.event ?? '')) {
    const after = events.at(-1)?.seq ?? 0;
    const decoder = new SseDecoder({ maxEventLength: 10_000 });
    let left = cut + LONGEST_EVENT;
    for await (const chunk of await instance.streams.follow(streamId, world.owner, { after, live: true })) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      for (const { id, event, data } of decoder.push(part)) events.push({ seq: Number(id), event, data });
      if (left === 0) break;
    }
  }
  return events;
}
