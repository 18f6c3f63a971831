import type { StreamWriter } from '#src/streaming/index.js';
import { StreamCollector } from './stream-collector.ts';
import type { StreamInstance, StreamWorld } from './stream-world.ts';

/** A run whose work the test does by hand. */
export interface OpenRun {
  readonly streamId: string;
  readonly writer: StreamWriter;
  readonly complete: (payload: unknown) => void;
  readonly fail: (error: Error) => void;
}

export async function open(world: StreamWorld, { streams }: StreamInstance): Promise<OpenRun> {
  const { promise, resolve: complete, reject: fail } = Promise.withResolvers<unknown>();
  const started = Promise.withResolvers<StreamWriter>();
  const { streamId } = await streams.open({ owner: world.owner, kind: 'test', runId: 'run_1' }, (writer) => {
    started.resolve(writer);
    return promise;
  });
  return { streamId, writer: await started.promise, complete, fail };
}

/** A reader of the world's owner, live unless told to replay. */
export const follow = async (
  world: StreamWorld,
  { streams }: StreamInstance,
  streamId: string,
  { after = 0, live = true }: { readonly after?: number; readonly live?: boolean } = {},
): Promise<StreamCollector> => new StreamCollector(await streams.follow(streamId, world.owner, { after, live }));
