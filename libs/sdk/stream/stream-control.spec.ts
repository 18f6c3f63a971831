import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { pause } from '../platform.js';
import { BRIEF, cutAfter, goodRun, PAYLOAD, RUN, unreachable } from '../testing/sample-stream.js';
import { problemResponse, STREAM_ID } from '../testing/scripted-service.js';

const request = { brief: BRIEF };

describe('leaving a stream', () => {
  it('closes the connection and lets the run go on', async () => {
    const { client, service, time } = await goodRun(cutAfter(3, 'silent'));
    const { signal } = new AbortController();
    const stream = client.drafts.stream(request, { signal });
    const leave = async (): Promise<void> => {
      for await (const { seq } of stream) if (seq === 2) break;
    };
    await time.drive(leave());
    expect(service.requests.map(({ method }) => method)).toEqual(['POST']);
    expect(service.requests[0]?.signal?.aborted).toBe(true);
    expect([time.pending, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
    await expect(stream.finalDraft()).rejects.toMatchObject({ code: 'STREAM_INTERRUPTED', place: { lastSeq: 2 } });
  });

  it('leaves a token with which another process reads the rest', async () => {
    const { client, service, time, readAll } = await goodRun();
    const stream = client.drafts.stream(request);
    await time.drive(nextOf(stream, 3));
    const rest = client.streams.resume(stream.resumeToken ?? '', { after: stream.lastSeq });
    const { events, error } = await readAll(rest);
    expect(error).toBeUndefined();
    expect(events.map(({ raw }) => raw)).toEqual(service.events.slice(3));
    expect(rest.verified).toBe(false);
    expect(await rest.finalDraft()).toEqual(PAYLOAD);
  });

  it('by the signal ends it wherever it stands', async () => {
    for (const script of [cutAfter(2, 'silent'), { answer: () => new Promise<never>(() => undefined) }]) {
      const { client, readAll } = await goodRun(script);
      const abort = new AbortController();
      const reading = readAll(client.drafts.stream(request, { signal: abort.signal, timeoutMs: 3_600_000 }));
      abort.abort(new Error('enough'));
      expect((await reading).error).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    }
  });

  it('by the signal ends the wait for a reconnect', async () => {
    const { client, service, readAll } = await goodRun(cutAfter(2, 'broken'));
    const abort = new AbortController();
    const stream = client.drafts.stream(request, { signal: abort.signal, onReconnect: () => abort.abort() });
    expect((await readAll(stream)).error).toMatchObject({ code: 'ABORTED' });
    expect(service.openings).toHaveLength(1);
  });
});

describe('a reader that takes its time', () => {
  it('is not taken for a silent service', async () => {
    const { client, time } = await goodRun();
    const stream = client.drafts.stream(request, { timeoutMs: 1_000 });
    const dawdle = async (): Promise<void> => {
      for await (const _ of stream) await pause(time, 3_600_000, undefined);
    };
    await time.drive(dawdle());
    expect(stream).toMatchObject({ verified: true, reconnects: 0 });
  });
});

describe('cancelling a stream', () => {
  it('that is being opened waits for its name', async () => {
    const { client, service, time } = await goodRun();
    const stream = client.drafts.stream(request);
    const reading = stream.finalDraft();
    const cancelling = stream.cancel();
    await time.drive(Promise.all([reading, cancelling]));
    expect(service.requests.map(({ method }) => method)).toContain('DELETE');
  });

  it('that could not be opened sends nothing', async () => {
    const { client, service, time } = await goodRun(unreachable, unreachable, unreachable);
    const stream = client.drafts.stream(request);
    const reading = stream.finalDraft().catch(() => undefined);
    await time.drive(Promise.all([reading, stream.cancel()]));
    expect(service.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
  });

  it('stops the run, also after its reader has left', async () => {
    const { client, service, time } = await goodRun();
    const stream = client.drafts.stream(request);
    await time.drive(nextOf(stream, 2));
    await time.drive(stream.cancel());
    expect(service.requests.at(-1)).toMatchObject({ method: 'DELETE', path: `/v1/streams/${STREAM_ID}` });
  });

  it('that was never begun sends nothing', async () => {
    const { client, service, readAll } = await goodRun();
    const stream = client.drafts.stream(request);
    await stream.cancel();
    expect((await readAll(stream)).events).toEqual([]);
    expect(service.requests).toEqual([]);
  });

  it('that has ended sends nothing', async () => {
    const { client, service, time } = await goodRun();
    const stream = client.drafts.stream(request);
    await time.drive(stream.finalDraft());
    await stream.cancel();
    expect(service.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  });
});

describe('reading a stream by its id', () => {
  it('from the start proves all of it', async () => {
    const { client, readAll, service } = await goodRun(cutAfter(1, 'broken'), unreachable);
    const stream = client.streams.events(STREAM_ID);
    const { events, error } = await readAll(stream);
    expect(error).toBeUndefined();
    expect(events.map(({ raw }) => raw)).toEqual(service.events);
    expect(stream).toMatchObject({ verified: true, reconnects: 1 });
  });

  it('from further on checks that nothing is missing from there', async () => {
    const { client, readAll } = await goodRun(cutAfter(1, 'broken'));
    const stream = client.streams.events(STREAM_ID, { after: 2 });
    const { events, error } = await readAll(stream);
    expect(error).toBeUndefined();
    expect(events.map(({ seq }) => seq)).toEqual([3, 4, 5, RUN.length + 1]);
    expect(stream.verified).toBe(false);
  });

  it('that is not there is an error with the code of the service', async () => {
    const { client, readAll } = await goodRun({ answer: () => problemResponse('NOT_FOUND', 404, {}) });
    const { error } = await readAll(client.streams.events(STREAM_ID));
    expect(error).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });

  it.each(['../keys', '..', 'a/b', '', 'a?b'])('refuses %j as an id', async (id) => {
    const { client } = await goodRun();
    expect(() => client.streams.events(id)).toThrow(TypeError);
    await expect(client.streams.cancel(id)).rejects.toThrow(TypeError);
  });
});

/** Reads some events and leaves. */
async function nextOf(stream: AsyncIterable<{ readonly seq: number }>, count: number): Promise<void> {
  for await (const { seq } of stream) if (seq === count) return;
}
