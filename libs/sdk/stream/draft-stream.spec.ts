import { describe, expect, it } from '@jest/globals';
import { StreamInterruptedError } from '../errors.js';
import { BRIEF, cutAfter, goodRun, PAYLOAD, RUN, Scene, unreachable } from '../testing/sample-stream.js';
import { problemResponse, ScriptedService, STREAM_ID } from '../testing/scripted-service.js';

const request = { brief: BRIEF };
const LENGTH = RUN.length + 1;

describe('a stream without trouble', () => {
  it('yields every event in order, proves them and answers the draft', async () => {
    const { client, service, readAll, time } = await goodRun();
    const stream = client.drafts.stream(request);
    const { events, error } = await readAll(stream);
    expect(error).toBeUndefined();
    expect(events.map(({ raw }) => raw)).toEqual(service.events);
    expect(stream).toMatchObject({ verified: true, reconnects: 0, streamId: STREAM_ID, resumeToken: 'token-2' });
    expect(await stream.finalDraft()).toEqual(PAYLOAD);
    expect(time.pending).toBe(0);
  });

  it('sends nothing before the first event is asked for', async () => {
    const { client, service } = await goodRun();
    client.drafts.stream(request);
    expect(service.requests).toEqual([]);
  });

  it('yields events of a kind it does not know', async () => {
    const run = [...RUN, { event: 'usage', data: '{"tokens":5}' }];
    const scene = new Scene(await ScriptedService.with(run, { event: 'complete', payload: PAYLOAD }));
    const { events, error } = await scene.readAll(scene.client.drafts.stream(request));
    expect(error).toBeUndefined();
    expect(events[RUN.length]).toMatchObject({ event: 'other', name: 'usage', data: { tokens: 5 } });
  });
});

describe('a stream that is cut', () => {
  it.each(Array.from({ length: LENGTH - 1 }, (_, at) => at + 1))(
    'after event %i is whole nevertheless',
    async (count) => {
      for (const end of ['closed', 'broken', 'silent'] as const) {
        const { client, service, readAll } = await goodRun(cutAfter(count, end));
        const stream = client.drafts.stream(request);
        const { events, error } = await readAll(stream);
        expect(error).toBeUndefined();
        expect(events.map(({ raw }) => raw)).toEqual(service.events);
        expect(stream).toMatchObject({ verified: true, reconnects: 1 });
        expect(service.openings[1]?.headers.get('last-event-id')).toBe(String(count));
      }
    },
  );

  it('after every single event is whole nevertheless, however long it is', async () => {
    const run = [
      ...RUN,
      ...Array.from({ length: 20 }, () => ({ event: 'stage', data: '{"stage":"DRAFTING"}' })),
      ...RUN,
    ];
    const cuts = Array.from({ length: 50 }, () => cutAfter(1, 'broken'));
    const service = await ScriptedService.with(run, { event: 'complete', payload: PAYLOAD }, ...cuts);
    const { client, readAll } = new Scene(service);
    const stream = client.drafts.stream(request);
    const { events, error } = await readAll(stream);
    expect(error).toBeUndefined();
    expect(events.map(({ raw }) => raw)).toEqual(service.events);
    expect(stream).toMatchObject({ verified: true, reconnects: run.length });
  });

  it('is resumed with the newest token, and by its id while it has none', async () => {
    const { client, service, readAll } = await goodRun(cutAfter(1, 'broken'), cutAfter(3, 'broken'));
    await readAll(client.drafts.stream(request));
    expect(service.openings.map(({ method, path, headers }) => [method, path, headers.get('x-resume-token')])).toEqual([
      ['POST', '/assist/draft-graph/stream', null],
      ['GET', `/v1/streams/${STREAM_ID}/events`, null],
      ['POST', '/assist/draft-graph/resume', 'token-2'],
    ]);
  });

  it('is resumed by its id when the token is refused', async () => {
    const refused = { answer: () => problemResponse('RESUME_TOKEN_INVALID', 401, {}) };
    const { client, service, readAll } = await goodRun(cutAfter(3, 'broken'), refused);
    const stream = client.drafts.stream(request);
    const { error } = await readAll(stream);
    expect(error).toBeUndefined();
    expect(service.openings[2]?.path).toBe(`/v1/streams/${STREAM_ID}/events`);
    expect(stream.verified).toBe(true);
  });

  it('waits as the service asks, then longer and longer', async () => {
    const draining = { answer: () => problemResponse('NOT_READY', 503, { 'retry-after': '9' }) };
    const { client, readAll, time } = await goodRun(cutAfter(3, 'broken'), unreachable, draining);
    const notices: number[] = [];
    const stream = client.drafts.stream(request, { onReconnect: ({ waitMs }) => notices.push(waitMs) });
    expect((await readAll(stream)).error).toBeUndefined();
    expect(notices).toEqual([1_500, 3_000, 9_000]);
    expect(time.waits).toEqual(notices);
    expect(stream.reconnects).toBe(1);
  });

  it('is given up after the allowed attempts, and says where it stood', async () => {
    const scene = await goodRun(cutAfter(3, 'broken'), ...Array.from({ length: 30 }, () => unreachable));
    const { error } = await scene.readAll(scene.client.drafts.stream(request));
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error).toMatchObject({
      code: 'STREAM_INTERRUPTED',
      place: { streamId: STREAM_ID, resumeToken: 'token-1', lastSeq: 3 },
    });
    expect(scene.service.openings).toHaveLength(11);
  });

  it('is given up at once when the service refuses both ways', async () => {
    const gone = { answer: () => problemResponse('RESUME_UNAVAILABLE', 426, {}) };
    const scene = await goodRun(cutAfter(3, 'broken'), gone, gone);
    const { error } = await scene.readAll(scene.client.drafts.stream(request));
    expect(error).toMatchObject({ code: 'STREAM_INTERRUPTED', cause: { code: 'RESUME_UNAVAILABLE' } });
    expect(scene.service.openings).toHaveLength(3);
  });

  it('before its first byte is asked for again under the same key, so that it is not begun a second time', async () => {
    const scene = await goodRun(unreachable);
    const { error } = await scene.readAll(scene.client.drafts.stream(request));
    const keys = scene.service.openings.map(({ headers }) => headers.get('idempotency-key'));
    expect([error, keys.length, new Set(keys).size, keys[0]?.length]).toEqual([undefined, 2, 1, 36]);
  });
});
