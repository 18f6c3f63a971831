import { describe, expect, it } from '@jest/globals';
import { verifyStream } from '#libs/sse/index.js';
import type { StreamWriter } from '#src/streaming/index.js';
import { follow, open } from '../../test/support/stream-script.ts';
import { type StreamInstance, StreamWorld } from '../../test/support/stream-world.ts';

const response = (status: string) => ({ id: 'resp_1', status, usage: { input_tokens: 3 } });

const say = (writer: StreamWriter, type: string) =>
  writer.emit(type, { type, sequence_number: writer.lastSeq, text: 'ü\n\nid: 7\n' });

async function begun(world: StreamWorld, instance: StreamInstance, kind = 'response') {
  const run = await open(world, instance, kind);
  await say(run.writer, 'response.created');
  await say(run.writer, 'response.in_progress');
  return run;
}

describe('the stream of a response', () => {
  it.each([
    ['completed', 'response.completed'],
    ['incomplete', 'response.incomplete'],
    ['failed', 'response.failed'],
    ['cancelled', 'response.failed'],
  ])(
    'of a %s one ends in %s, its numbers count from 0 without holes, and its receipt is valid',
    async (status, type) => {
      const world = new StreamWorld();
      const run = await begun(world, world.instance());
      run.complete(response(status));
      await world.clock.advance(10);
      const reader = await follow(world, world.instance(), run.streamId);
      await world.settle();
      expect(reader.outline).toEqual(['1 response.created', '2 response.in_progress', `3 ${type}`]);
      expect(reader.events.map(({ data }) => JSON.parse(data).sequence_number)).toEqual([0, 1, 2]);
      expect(reader.last).toMatchObject({ type, response: response(status), receipt: { count: 2 } });
      const verdict = await verifyStream(run.streamId, reader.events, { keys: world.publicKeys });
      expect(verdict).toMatchObject({ valid: true });
    },
  );

  it('ends in response.failed when its producer dies', async () => {
    const world = new StreamWorld();
    const [doomed, other] = [world.instance(), world.instance()];
    const run = await begun(world, doomed);
    const reader = await follow(world, other, run.streamId);
    await world.settle();
    doomed.kill();
    await world.clock.advance(7_000);
    expect(reader.outline.at(-1)).toBe('3 response.failed');
    expect(reader.last).toMatchObject({
      sequence_number: 2,
      response: { id: 'resp_1', object: 'response', model: 'm', status: 'failed', error: { code: 'server_error' } },
    });
    expect(world.record.ended.get(run.streamId)?.end.status).toBe('failed');
  });
});

describe('the stream of a response in the background', () => {
  it('waits for its job when its producer dies, and is gone on with where that one stopped', async () => {
    const world = new StreamWorld();
    const [doomed, other] = [world.instance(), world.instance()];
    const run = await begun(world, doomed, 'background-response');
    const reader = await follow(world, other, run.streamId);
    await world.settle();
    doomed.kill();
    await world.clock.advance(30_000);
    expect(reader.state).toBe('open');

    const stream = { owner: world.owner, kind: 'background-response', runId: 'run_1' };
    const taken = await other.streams.reopen(run.streamId, stream, async (writer) => {
      await say(writer, 'response.output_text.delta');
      return response('completed');
    });
    await world.settle();
    expect(taken?.streamId).toBe(run.streamId);
    expect(reader.outline.slice(-2)).toEqual(['3 response.output_text.delta', '4 response.completed']);
    const verdict = await verifyStream(run.streamId, reader.events, { keys: world.publicKeys });
    expect(verdict).toMatchObject({ valid: true });
  });

  it('is not taken from a producer that lives', async () => {
    const world = new StreamWorld();
    const run = await begun(world, world.instance(), 'background-response');
    const stream = { owner: world.owner, kind: 'background-response', runId: 'run_1' };
    expect(await world.instance().streams.reopen(run.streamId, stream, async () => ({}))).toBeUndefined();
  });
});
