import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '#libs/sse/index.js';
import { describeFault, StreamVerificationError } from '../errors.js';
import { BRIEF, forged, goodRun, RUN, Scene } from '../testing/sample-stream.js';
import { type Script, ScriptedService, STREAM_ID } from '../testing/scripted-service.js';

const request = { brief: BRIEF };
const LAST = RUN.length + 1;

const without = (seq: number): Script => ({ events: (events) => events.filter((event) => event.seq !== seq) });

/** Changes a field inside the JSON of the terminal event. */
const retold = (change: (data: Record<string, unknown>) => Record<string, unknown>): Script => ({
  events: (events) =>
    events.map((event) =>
      event.seq === LAST ? { ...event, data: JSON.stringify(change(JSON.parse(event.data))) } : event,
    ),
});
const withReceipt = (change: object): Script =>
  retold((data) => ({ ...data, receipt: { ...Object(data['receipt']), ...change } }));

describe('a stream whose content does not match its receipt', () => {
  it.each<readonly [string, Script, object]>([
    ['an altered event', forged(3, { data: '{"stage":"FORGED"}' }), { reason: 'root_mismatch' }],
    ['a renamed event', forged(3, { event: 'other' }), { reason: 'root_mismatch' }],
    [
      'the payload of its last event',
      retold((data) => ({ ...data, payload: { graph: 'forged' } })),
      { reason: 'payload_mismatch', seq: LAST },
    ],
    ['a root that was exchanged', withReceipt({ root: 'ab'.repeat(32) }), { reason: 'root_mismatch' }],
    [
      'a count that was exchanged',
      withReceipt({ count: 3 }),
      { reason: 'count_mismatch', expected: 3, received: RUN.length },
    ],
    ['a signature that was exchanged', withReceipt({ signature: 'A'.repeat(86) }), { reason: 'signature_invalid' }],
    ['a key nobody publishes', withReceipt({ key_id: 'key-2' }), { reason: 'unknown_key' }],
    ['a missing receipt', retold((data) => ({ ...data, receipt: null })), { reason: 'receipt_missing' }],
  ])('is refused for %s', async (_what, script, fault) => {
    const { client, readAll } = await goodRun(script);
    const stream = client.drafts.stream(request);
    const { events, error } = await readAll(stream);
    expect(error).toBeInstanceOf(StreamVerificationError);
    expect(error).toMatchObject({ code: 'STREAM_UNVERIFIED', streamId: STREAM_ID, fault });
    expect(events.some(({ event }) => event === 'complete')).toBe(false);
    expect(stream.verified).toBe(false);
    await expect(stream.finalDraft()).rejects.toBe(error);
  });

  it('is refused for two events whose content was exchanged', async () => {
    const swapped: Script = {
      events: (events) => {
        const [one, two] = [events[0], events[2]];
        if (one === undefined || two === undefined) return events;
        return events.with(0, { ...two, seq: 1 }).with(2, { ...one, seq: 3 });
      },
    };
    const { client, readAll } = await goodRun(swapped);
    const { error } = await readAll(client.drafts.stream(request));
    expect(error).toMatchObject({ fault: { reason: 'root_mismatch' } });
  });

  it('is refused before its first event when it has no name to verify it under', async () => {
    const { service } = await goodRun();
    const nameless = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await service.fetch(url, init);
      response.headers.delete('x-stream-id');
      return response;
    };
    const { client, readAll } = new Scene(service, nameless);
    const { events, error } = await readAll(client.drafts.stream(request));
    expect(events).toEqual([]);
    expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  it('is refused when the keys to check it with cannot be read', async () => {
    const { service } = await goodRun();
    const keyless = (url: string, init: RequestInit): Promise<Response> =>
      url.includes('well-known') ? Promise.reject(new TypeError('fetch failed')) : service.fetch(url, init);
    const { client, readAll } = new Scene(service, keyless);
    const { error } = await readAll(client.drafts.stream(request));
    expect(error).toMatchObject({ fault: { reason: 'keys_unavailable' }, cause: { code: 'CONNECTION_FAILED' } });
  });
});

describe('events out of order', () => {
  it('that came before are not yielded again', async () => {
    const twice: Script = { events: (events) => events.flatMap((event) => [event, event]) };
    const again: Script = { events: (events) => [...events.slice(0, 2), ...events.slice(0, 2), ...events.slice(2)] };
    for (const script of [twice, again]) {
      const { client, service, readAll } = await goodRun(script);
      const stream = client.drafts.stream(request);
      const { events, error } = await readAll(stream);
      expect(error).toBeUndefined();
      expect(events.map(({ raw }) => raw)).toEqual(service.events);
      expect(stream).toMatchObject({ verified: true, reconnects: 0 });
    }
  });

  it('leave a hole that another connection fills', async () => {
    const swapped: Script = { events: (events) => [...events].sort((a, b) => (a.seq ^ 1) - (b.seq ^ 1)) };
    for (const script of [without(3), without(1), swapped]) {
      const { client, service, readAll } = await goodRun(script);
      const stream = client.drafts.stream(request);
      const { events, error } = await readAll(stream);
      expect(error).toBeUndefined();
      expect(events.map(({ raw }) => raw)).toEqual(service.events);
      expect(stream).toMatchObject({ verified: true, reconnects: 1 });
    }
  });

  it('leave a hole that is named when no connection fills it', async () => {
    const { client, readAll, service } = await goodRun(without(3), without(3));
    const { events, error } = await readAll(client.drafts.stream(request));
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'STREAM_UNVERIFIED', fault: { reason: 'hole', seq: 3 } });
    expect(service.openings).toHaveLength(2);
  });

  it('that the service no longer has are shown as a gap, and the stream is not proven', async () => {
    const gap = { seq: 3, event: 'gap', data: '{"from_seq":2,"to_seq":3,"reason":"trimmed"}' };
    const { client, readAll } = await goodRun({ events: (all) => [...all.slice(0, 1), gap, ...all.slice(3)] });
    const { events, error } = await readAll(client.drafts.stream(request));
    expect(events[1]).toMatchObject({ event: 'gap', data: { from_seq: 2, to_seq: 3, reason: 'trimmed' } });
    expect(error).toMatchObject({ fault: { reason: 'trimmed', seq: 2 } });
  });

  it('without a number end the stream', async () => {
    const { client, readAll } = await goodRun({ events: ([head]) => [{ ...(head as StreamEvent), seq: Number.NaN }] });
    const { error } = await readAll(client.drafts.stream(request));
    expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });
});

describe('a stored copy', () => {
  it('is proven, and refused once a single event is altered', async () => {
    const { client, service, time } = await goodRun();
    const copy = service.events;
    expect(await time.drive(client.streams.verify(STREAM_ID, copy))).toEqual({ valid: true, count: RUN.length });
    const altered = copy.map((event) => (event.seq === 3 ? { ...event, data: '{}' } : event));
    const verdict = await time.drive(client.streams.verify(STREAM_ID, altered));
    expect(verdict).toEqual({ valid: false, reason: 'root_mismatch' });
    expect(service.requests.filter(({ path }) => path.includes('well-known'))).toHaveLength(1);
  });

  it('signed with a key that was added later is proven', async () => {
    const { client, service, time } = await goodRun();
    const published = service.keys;
    service.keys = { keys: [] };
    expect(await time.drive(client.streams.verify(STREAM_ID, service.events))).toMatchObject({ reason: 'unknown_key' });
    service.keys = published;
    expect(await time.drive(client.streams.verify(STREAM_ID, service.events))).toMatchObject({ valid: true });
  });
});

describe('a failed stream', () => {
  const failed = (receipt: object, ...scripts: readonly Script[]) => {
    const problem = {
      code: 'UPSTREAM_FAILED',
      status: 502,
      detail: 'The model failed',
      request_id: 'req-1',
      trace_id: 't',
    };
    return ScriptedService.with(RUN.slice(0, 3), { event: 'error', ...problem, ...receipt }, ...scripts);
  };

  it('throws what the run failed with', async () => {
    const { client, readAll } = new Scene(await failed({ retry_after_seconds: 7 }));
    const stream = client.drafts.stream(request);
    const { events, error } = await readAll(stream);
    expect(events).toHaveLength(3);
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', status: 502, requestId: 'req-1', retryAfterMs: 7_000 });
    expect(stream.verified).toBe(true);
    await expect(stream.finalDraft()).rejects.toBe(error);
  });

  it('is believed without a receipt: the service may have lost its log', async () => {
    const { client, readAll } = new Scene(await failed({ receipt: null }));
    const stream = client.drafts.stream(request);
    expect((await readAll(stream)).error).toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(stream.verified).toBe(false);
  });

  it('is not believed with a receipt that does not match', async () => {
    const { client, readAll } = new Scene(await failed({}, forged(2, { data: '{}' })));
    const { error } = await readAll(client.drafts.stream(request));
    expect(error).toMatchObject({
      code: 'STREAM_UNVERIFIED',
      fault: { reason: 'root_mismatch' },
      cause: { code: 'UPSTREAM_FAILED' },
    });
  });
});

it('every fault is told in words', () => {
  expect(describeFault({ reason: 'hole', seq: 3 })).toBe('event 3 is missing');
  expect(describeFault({ reason: 'count_mismatch', expected: 5, received: 4 })).toContain('5 events, 4 were received');
});
