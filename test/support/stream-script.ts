import type { Hot } from '#src/storage/index.js';
import type { StreamWriter } from '#src/streaming/index.js';
import { StreamCollector } from './stream-collector.ts';
import type { StreamInstance, StreamWorld } from './stream-world.ts';

/** A run whose work the test does by hand. */
export interface OpenRun {
  readonly streamId: string;
  readonly writer: StreamWriter;
  /** Whoever asked for the run reads it. */
  readonly read: () => StreamCollector;
  readonly complete: (payload: unknown) => void;
  readonly fail: (error: Error) => void;
}

export async function open(world: StreamWorld, { streams }: StreamInstance, kind = 'test'): Promise<OpenRun> {
  const { promise, resolve: complete, reject: fail } = Promise.withResolvers<unknown>();
  const started = Promise.withResolvers<StreamWriter>();
  const work = (writer: StreamWriter) => {
    started.resolve(writer);
    return promise;
  };
  const opened = await streams.open({ owner: world.owner, kind, runId: 'run_1', subject: SUBJECT }, work);
  const read = () => new StreamCollector(opened.read());
  return { streamId: opened.streamId, writer: await started.promise, read, complete, fail };
}

const SUBJECT = { id: 'resp_1', model: 'm' };

/** A reader of the world's owner, live unless told to replay. */
export const follow = async (
  world: StreamWorld,
  { streams }: StreamInstance,
  streamId: string,
  { after = 0, live = true }: { readonly after?: number; readonly live?: boolean } = {},
): Promise<StreamCollector> => new StreamCollector(await streams.follow(streamId, world.owner, { after, live }));

/**
 * A run and somebody who reads it from its beginning, in the same process.
 *
 * @param hot the way of that process to the shared store
 */
export async function watched(world: StreamWorld, hot?: Hot) {
  const instance = world.instance(hot);
  const run = await open(world, instance);
  return { instance, run, reader: await follow(world, instance, run.streamId) };
}

/** A finished stream of ten events and its whole content. */
export async function finished(world: StreamWorld, instance: StreamInstance) {
  const run = await open(world, instance);
  for (let n = 1; n <= 10; n += 1) {
    await run.writer.emit('stage', { n, text: 'ü\n\n🎉' });
    await world.clock.advance(n % 3);
  }
  run.complete({ answer: 42 });
  await world.clock.advance(10);
  const control = await follow(world, instance, run.streamId);
  await world.settle();
  return { ...run, control };
}
