import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientOptions, Countersign, type DraftEvent, type DraftStream } from '#libs/sdk/index.js';
import type { Fetch } from '#libs/sdk/shapes.js';
import { keys, startApp, type TestApp } from '../support/app.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';

const request = {
  brief: 'Should the city library open on Sundays, or extend weekday evenings? Families would come on Sundays.',
  attachments: [{ id: 'visits', kind: 'csv', name: 'visits.csv' }],
  attachment_payloads: { visits: { data: 'day,visits\nMon,120\nSat,480\n', encoding: 'utf8' } },
} as const;

/** Cuts every stream after some events, and tells which requests were made. */
class Cutter {
  readonly requests: string[] = [];

  constructor(private readonly eventsPerConnection: number) {}

  readonly fetch: Fetch = async (url, init) => {
    const headers = new Headers(init.headers);
    const cursor = headers.get('last-event-id');
    this.requests.push(`${init.method} ${new URL(url).pathname}${cursor === null ? '' : ` after ${cursor}`}`);
    const response = await fetch(url, init);
    if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response;
    return new Response(this.cut(response.body.getReader()), response);
  };

  /** Only whole events pass; then the connection breaks. */
  private cut(reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
    let left = this.eventsPerConnection;
    return new ReadableStream({
      pull: async (controller) => {
        if (left <= 0) {
          await reader.cancel();
          return controller.error(new TypeError('terminated'));
        }
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const blocks = Buffer.from(value)
          .toString('latin1')
          .split(/(?<=\n\n)/);
        const ends = blocks.flatMap((block, at) => (block.startsWith('id:') && block.endsWith('\n\n') ? [at] : []));
        const last = ends[left - 1] ?? blocks.length - 1;
        left -= ends.length;
        controller.enqueue(Buffer.from(blocks.slice(0, last + 1).join(''), 'latin1'));
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }
}

/** Waits between attempts pass at once; time limits stay what they are. */
const impatient = {
  now: () => performance.now(),
  random: () => 0.5,
  after: (ms: number, task: () => void) => {
    const timer = setTimeout(task, ms < 10_000 ? 1 : ms);
    return () => clearTimeout(timer);
  },
};

async function readAll(stream: DraftStream): Promise<DraftEvent[]> {
  const events: DraftEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

let server: TestApp;
let baseURL: string;
const clientOf = (apiKey: string, options: Partial<ClientOptions> = {}): Countersign =>
  new Countersign({ baseURL, apiKey, time: impatient, ...options });

describe('the SDK against the service', () => {
  beforeAll(async () => {
    server = await startApp({});
    baseURL = await server.listen();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  it('drafts a graph whose answer is bound to its hash', async () => {
    const hashes: (string | null)[] = [];
    const watching: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      hashes.push(response.headers.get('x-countersign-response-hash'));
      return response;
    };
    const draft = await clientOf(keys.user, { fetch: watching }).drafts.create(request);
    expect(draft).toMatchObject({ schema: 'draft-graph.v1', run_id: expect.stringMatching(/^run_/) });
    expect(draft.graph.nodes.length).toBeGreaterThan(0);
    expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('reads a stream to its proven end', async () => {
    const stream = clientOf(keys.user).drafts.stream(request);
    const events = await readAll(stream);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(stream).toMatchObject({ verified: true, reconnects: 0 });
    expect(events.at(-1)).toMatchObject({ event: 'complete', data: { payload: await stream.finalDraft() } });
  });

  it('gets the same stream over a line that breaks after every event', async () => {
    const cutter = new Cutter(1);
    const stream = clientOf(keys.user, { fetch: cutter.fetch }).drafts.stream(request);
    const events = await readAll(stream);
    expect(stream).toMatchObject({ verified: true, reconnects: events.length - 1 });
    expect(cutter.requests.slice(0, 3)).toEqual([
      'POST /assist/draft-graph/stream',
      `GET /v1/streams/${stream.streamId}/events after 1`,
      'POST /assist/draft-graph/resume after 2',
    ]);
    const control = await readAll(clientOf(keys.user).streams.events(stream.streamId ?? ''));
    expect(events).toEqual(control);
  });

  it('reads the rest elsewhere with the token alone', async () => {
    const first = clientOf(keys.user).drafts.stream(request);
    for await (const { event } of first) if (event === 'resume') break;
    const rest = clientOf(keys.user).streams.resume(first.resumeToken ?? '', { after: first.lastSeq });
    const events = await readAll(rest);
    expect(events[0]?.seq).toBe(first.lastSeq + 1);
    expect(events.at(-1)?.event).toBe('complete');
  });

  it('proves a stored copy, and refuses one with an altered event', async () => {
    const client = clientOf(keys.user);
    const stream = client.drafts.stream(request);
    const copy = (await readAll(stream)).map(({ raw }) => raw);
    const id = stream.streamId ?? '';
    expect(await client.streams.verify(id, copy)).toEqual({ valid: true, count: copy.length - 1 });
    const altered = copy.map((event) => (event.seq === 3 ? { ...event, data: `${event.data} ` } : event));
    expect(await client.streams.verify(id, altered)).toEqual({ valid: false, reason: 'root_mismatch' });
  });

  it('refuses a stream that was altered on its way', async () => {
    const forging: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!url.endsWith('/stream')) return response;
      const text = (await response.text()).replace('"stage":"DRAFTING"', '"stage":"REVIEWED"');
      return new Response(text, response);
    };
    const stream = clientOf(keys.user, { fetch: forging }).drafts.stream(request);
    await expect(stream.finalDraft()).rejects.toMatchObject({
      code: 'STREAM_UNVERIFIED',
      fault: { reason: 'root_mismatch' },
    });
  });

  it.each([
    ['a short brief', keys.user, 'BAD_INPUT', 400],
    ['an unknown key', 'not-a-key-0123456789abcdefghijklmnopqrs', 'INVALID_API_KEY', 401],
    ['a key without the scope', keys.auditor, 'FORBIDDEN', 403],
  ])('gets the code of the service for %s, whole or as a stream', async (_what, key, code, status) => {
    const client = clientOf(key);
    const fault = { code, status, requestId: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f]{32}$/) };
    await expect(client.drafts.create({ brief: 'short' })).rejects.toMatchObject(fault);
    await expect(client.drafts.stream({ brief: 'short' }).finalDraft()).rejects.toMatchObject(fault);
  });

  it('names the field that is wrong', async () => {
    const error = clientOf(keys.user).drafts.create({ brief: 'short' });
    await expect(error).rejects.toMatchObject({ errors: [{ path: 'brief', code: 'too_small' }] });
  });

  it('does not find the stream of another tenant', async () => {
    const stream = clientOf(keys.user).drafts.stream(request);
    await stream.finalDraft();
    const foreign = clientOf(keys.foreign);
    const id = stream.streamId ?? '';
    await expect(foreign.streams.events(id).finalDraft()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(foreign.streams.cancel(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('creates, lists, rotates and revokes keys', async () => {
    const admin = clientOf(keys.admin);
    const issued = await admin.keys.create({ name: 'sdk', kind: 'api', roles: ['admin'] });
    expect((await admin.keys.list({ limit: 1 })).data).toMatchObject([{ id: issued.id, status: 'active' }]);
    expect(await clientOf(issued.secret).status()).toMatchObject({ sql: { available: true } });
    const rotated = await admin.keys.rotate(issued.id, { overlap_seconds: 0 });
    expect(rotated.secret).not.toBe(issued.secret);
    expect(await admin.keys.revoke(issued.id)).toMatchObject({ id: issued.id, status: 'revoked' });
    await expect(clientOf(rotated.secret).status()).rejects.toMatchObject({ status: 401 });
  });
});

describe('the SDK while a model takes its time', () => {
  let upstream: ScriptedUpstream;
  beforeAll(async () => {
    const pace = { paceMs: 10, charactersPerChunk: 24 };
    upstream = await ScriptedUpstream.start([standard({ structured: drafting(sampleDraft(12), pace) })], 0);
    server = await startApp({
      env: { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'test' },
    });
    baseURL = await server.listen();
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await upstream.close();
  });

  it('goes on live after each cut', async () => {
    const stream = clientOf(keys.user, { fetch: new Cutter(4).fetch }).drafts.stream(request);
    const events = await readAll(stream);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(stream.verified).toBe(true);
    expect(stream.reconnects).toBeGreaterThan(0);
  });

  it('cancels a run, which ends its stream with that word', async () => {
    const stream = clientOf(keys.user).drafts.stream(request);
    const reading = (async () => {
      for await (const { seq } of stream) if (seq === 2) await stream.cancel();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(stream.verified).toBe(true);
  });

  it('leaves a run alone that it only stops to read', async () => {
    const client = clientOf(keys.user);
    const abort = new AbortController();
    const stream = client.drafts.stream(request, { signal: abort.signal });
    const reading = (async () => {
      for await (const { seq } of stream) if (seq === 3) abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    const later = client.streams.events(stream.streamId ?? '');
    expect((await later.finalDraft()).schema).toBe('draft-graph.v1');
    expect(later.verified).toBe(true);
  });
});
