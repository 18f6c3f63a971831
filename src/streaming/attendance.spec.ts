import { describe, expect, it } from '@jest/globals';
import { type StreamInstance, StreamWorld } from '../../test/support/stream-world.ts';
import type { Attended } from './log-header.js';
import type { StreamWriter } from './stream-run.js';

const COME_BACK_MS = 10_000;
const CUT_MS = 750;
const PATIENT: Attended = { timedOutMs: COME_BACK_MS, cutMs: CUT_MS, timeoutMs: 0 };
const IMPATIENT: Attended = { timedOutMs: 0, cutMs: 0, timeoutMs: 0 };

/** A run that is for its readers alone, and the iterator of whoever asked for it. */
async function attendedRun(world: StreamWorld, { streams }: StreamInstance, attended: Attended | undefined) {
  const started = Promise.withResolvers<StreamWriter>();
  const work = Promise.withResolvers<unknown>();
  const run = { owner: world.owner, kind: 'test', runId: 'run_1', ...(attended === undefined ? {} : { attended }) };
  const { streamId, read } = await streams.open(run, (writer) => {
    started.resolve(writer);
    return work.promise;
  });
  const reader = read()[Symbol.asyncIterator]();
  const writer = await started.promise;
  const leave = async (): Promise<void> => {
    await reader.return?.();
    await world.settle();
  };
  return { streamId, writer, reader, leave, complete: work.resolve };
}

describe('a run for its readers alone', () => {
  it('stops at once when its caller leaves that has read of it', async () => {
    const world = new StreamWorld();
    const run = await attendedRun(world, world.instance(), PATIENT);
    await run.writer.emit('chunk', 1);
    await run.reader.next();
    await world.settle();
    await run.reader.next();
    await run.leave();
    expect(run.writer.signal.reason).toMatchObject({ code: 'CANCELLED' });
  });

  it.each([
    ['as long as it may come back', PATIENT, COME_BACK_MS],
    ['but a moment when that was before its own time was over', { ...PATIENT, timeoutMs: 60_000 }, CUT_MS],
  ])('waits for a caller that left before the first event %s', async (_how, attended, waitMs) => {
    const world = new StreamWorld();
    const run = await attendedRun(world, world.instance(), attended);
    await run.leave();
    await world.clock.advance(waitMs - 1);
    expect(run.writer.signal.aborted).toBe(false);
    await world.clock.advance(1);
    await world.settle();
    expect(run.writer.signal.aborted).toBe(true);
  });

  it('does not wait for a caller nobody expects back', async () => {
    const world = new StreamWorld();
    const run = await attendedRun(world, world.instance(), IMPATIENT);
    await run.leave();
    expect(run.writer.signal.aborted).toBe(true);
  });

  it('goes on for whoever came back, on whichever instance', async () => {
    const world = new StreamWorld();
    const [here, there] = [world.instance(), world.instance()];
    const run = await attendedRun(world, here, PATIENT);
    await run.leave();
    expect(await there.streams.again(run.streamId, world.owner)).toBeDefined();
    await world.clock.advance(2 * COME_BACK_MS);
    await world.settle();
    expect(run.writer.signal.aborted).toBe(false);
  });

  it('once abandoned is run again by who comes too late, and can still be read by its id', async () => {
    const world = new StreamWorld();
    const [here, there] = [world.instance(), world.instance()];
    const run = await attendedRun(world, here, IMPATIENT);
    await run.leave();
    expect(await there.streams.again(run.streamId, world.owner)).toBeUndefined();
    expect(await there.streams.follow(run.streamId, world.owner, { live: true })).toBeDefined();
  });

  it('that ended is read again by whoever asks again', async () => {
    const world = new StreamWorld();
    const here = world.instance();
    const run = await attendedRun(world, here, IMPATIENT);
    await run.writer.emit('chunk', 1);
    run.complete({});
    await world.clock.advance(10);
    for (let done: boolean | undefined = false; done !== true; ) ({ done } = await run.reader.next());
    await run.leave();
    expect(await here.streams.again(run.streamId, world.owner)).toBeDefined();
  });
});

it('a run that is for more than its readers goes on when they leave', async () => {
  const world = new StreamWorld();
  const run = await attendedRun(world, world.instance(), undefined);
  await run.leave();
  await world.clock.advance(COME_BACK_MS);
  expect(run.writer.signal.aborted).toBe(false);
});
