import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { type KeySet, verifyStream } from '#libs/sse/index.js';
import { Sql } from '#src/storage/index.js';
import { runs } from '../../src/streaming/runs.table.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { graphFaults } from '../support/documents-checker.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../support/scripted-upstream-scripts.ts';
import { type Delivery, readStream, tokenOf } from '../support/stream-client.ts';

const brief = 'Should the city library open on Sundays, or extend weekday evenings? Families would come on Sundays.';
const json = { 'content-type': 'application/json' };

interface World {
  readonly server: TestApp;
  readonly url: string;
}

const start = async (env: Record<string, string>): Promise<World> => {
  const server = await startApp({ env });
  return { server, url: await server.listen() };
};
const draft = ({ url }: World, headers: Record<string, string> = {}): Promise<Delivery> =>
  readStream(`${url}/assist/draft-graph/stream`, {
    method: 'POST',
    headers: { ...bearer(keys.user), ...json, ...headers },
    body: JSON.stringify({ brief }),
  });
const resume = ({ url }: World, headers: Record<string, string>): Promise<Response> =>
  fetch(`${url}/assist/draft-graph/resume`, { method: 'POST', headers: { ...bearer(keys.user), ...headers } });
const dataOf = ({ events }: Delivery, index: number) => JSON.parse(events.at(index)?.data ?? 'null');
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const runRow = ({ server }: World, runId: string) =>
  server.app.get(Sql).tenant('acme', async (tx) => (await tx.select().from(runs).where(eq(runs.id, runId)))[0]);

const cancelledRuns = ({ server }: World) =>
  server.app.get(Sql).tenant('acme', (tx) => tx.select().from(runs).where(eq(runs.status, 'cancelled')));

/** Asks until there is something, a few hundred times at most. */
async function soon<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await ask();
    if (found.length > 0) return found;
    // The embedded database answers within one turn of the loop; sockets need the next.
    await nextTurn();
  }
  return [];
}

describe('POST /assist/draft-graph/stream', () => {
  let world: World;
  let whole: Delivery;
  beforeAll(async () => {
    world = await start({});
    whole = await draft(world);
  }, 60_000);
  afterAll(() => world.server[Symbol.asyncDispose]());

  it('tells the stages in order and ends with the payload', () => {
    expect(whole).toMatchObject({ status: 200, ended: true, streamId: expect.stringMatching(/^strm_/) });
    const names = whole.events.map(({ event }) => event);
    expect(names.slice(0, 2)).toEqual(['stage', 'resume']);
    expect(names.slice(-2)).toEqual(['stage', 'complete']);
    expect(whole.events.map(({ seq }) => seq)).toEqual(names.map((_, index) => index + 1));
    expect(dataOf(whole, 0)).toEqual({ stage: 'DRAFTING' });
    expect(dataOf(whole, -2)).toEqual({ stage: 'COMPLETE', payload: dataOf(whole, -1).payload });
  });

  it('shows graphs on the way that keep the promises of a whole one, and only grow', () => {
    const partials = whole.events.slice(2, -2).map(({ data }) => JSON.parse(data).partial);
    expect(partials.length).toBeGreaterThan(0);
    const bounds = { maxNodes: 50, maxEdges: 200, texts: new Map([['brief', brief]]) };
    expect(partials.flatMap((graph) => graphFaults(graph, bounds))).toEqual([]);
    const sizes = partials.map(({ nodes, edges }) => nodes.length + edges.length);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  it('carries what the JSON route answers', async () => {
    const { server } = world;
    const request = {
      method: 'POST',
      url: '/assist/draft-graph',
      headers: bearer(keys.user),
      payload: { brief },
    } as const;
    const answer = (await server.inject(request)).json();
    expect({ ...dataOf(whole, -1).payload, run_id: '' }).toEqual({ ...answer, run_id: '' });
  });

  it('can be verified from its receipt', async () => {
    const keySet = (await (await fetch(`${world.url}/.well-known/countersign-keys.json`)).json()) as KeySet;
    expect(await verifyStream(whole.streamId, whole.events, keySet)).toMatchObject({ valid: true });
  });

  it('refuses a bad request before the first byte of a stream', async () => {
    const response = await fetch(`${world.url}/assist/draft-graph/stream`, {
      method: 'POST',
      headers: { ...bearer(keys.user), ...json },
      body: JSON.stringify({ brief, library_ids: ['lib_1'] }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('is recorded as a run with its result and the tokens it used', async () => {
    const { payload } = dataOf(whole, -1);
    expect(payload.usage.total_tokens).toBeGreaterThan(0);
    expect(await runRow(world, payload.run_id)).toMatchObject({
      status: 'completed',
      result: payload,
      usage: payload.usage,
      streamId: whole.streamId,
      requestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([['x-resume-token'], ['x-countersign-resume-token'], ['x-olumi-resume-token']])(
    'is taken up again with %s, byte by byte the same',
    async (header) => {
      const token = tokenOf(whole.events) ?? '';
      const again = await readStream(`${world.url}/assist/draft-graph/resume`, {
        method: 'POST',
        headers: { ...bearer(keys.user), [header]: token, 'x-resume-mode': 'replay' },
      });
      expect(again.events).toEqual(whole.events.slice(whole.events.length - again.events.length));
      expect(again.events.length).toBeGreaterThan(1);
    },
  );

  it('is taken up behind a later event when the caller names one', async () => {
    const token = tokenOf(whole.events) ?? '';
    const last = whole.events.length - 1;
    const response = await resume(world, { 'x-resume-token': token, 'last-event-id': String(last) });
    expect(await response.text()).toContain(`id: ${last + 1}\n`);
  });

  it.each([
    ['without a token', {}, 400, 'RESUME_TOKEN_MISSING'],
    ['with a forged token', { 'x-resume-token': 'e30.e30' }, 401, 'RESUME_TOKEN_INVALID'],
    ['in an unknown mode', { 'x-resume-token': 'e30.e30', 'x-resume-mode': 'fast' }, 400, 'BAD_INPUT'],
    ['from no number', { 'x-resume-token': 'e30.e30', 'last-event-id': 'x' }, 400, 'BAD_INPUT'],
  ])('is not taken up %s', async (_what, headers, status, code) => {
    const response = await resume(world, headers);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });

  it.each([
    ['another tenant', keys.foreign],
    ['another principal', keys.user2],
  ])('is not taken up by %s', async (_who, key) => {
    const response = await resume(world, { ...bearer(key), 'x-resume-token': tokenOf(whole.events) ?? '' });
    expect([response.status, await codeOf(response)]).toEqual([401, 'RESUME_TOKEN_INVALID']);
  });
});

describe('drafting with a model that takes its time', () => {
  const pace = { paceMs: 20, charactersPerChunk: 24 };
  let upstream: ScriptedUpstream;
  let world: World;
  beforeAll(async () => {
    upstream = await ScriptedUpstream.start([standard({ structured: drafting(sampleDraft(12), pace) })], 0);
    world = await start({
      MODEL_PROVIDERS: 'openai',
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'test',
      ENABLE_LEGACY_SSE: 'true',
    });
  }, 60_000);
  afterAll(async () => {
    await world.server[Symbol.asyncDispose]();
    await upstream.close();
  });

  it('the stream outlives its reader', async () => {
    const cut = await readStream(
      `${world.url}/assist/draft-graph/stream`,
      { method: 'POST', headers: { ...bearer(keys.user), ...json }, body: JSON.stringify({ brief }) },
      { cutAfterBytes: 1_500 },
    );
    expect(cut.ended).toBe(false);
    const rest = await readStream(`${world.url}/assist/draft-graph/resume`, {
      method: 'POST',
      headers: {
        ...bearer(keys.user),
        'x-resume-token': tokenOf(cut.events) ?? '',
        'last-event-id': String(cut.events.length),
      },
    });
    const events = [...cut.events, ...rest.events];
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.event).toBe('complete');
  });

  it('a caller of the JSON route who hangs up stops the model, and the run is recorded as cancelled', async () => {
    const hangUp = new AbortController();
    const before = upstream.requests.length;
    const answer = fetch(`${world.url}/assist/draft-graph`, {
      method: 'POST',
      headers: { ...bearer(keys.user), ...json },
      body: JSON.stringify({ brief }),
      signal: hangUp.signal,
    });
    const asked = await upstream.received(before + 1);
    hangUp.abort();
    await expect(answer).rejects.toThrow();
    await asked.over;
    expect(asked.closedByClientAt).toBeDefined();
    expect(await soon(() => cancelledRuns(world))).toEqual([
      expect.objectContaining({ problem: 'CANCELLED', kind: 'draft-graph', streamId: null }),
    ]);
  });

  it('the JSON route streams for old clients once that is switched on', async () => {
    const old = await readStream(`${world.url}/assist/draft-graph`, {
      method: 'POST',
      headers: { ...bearer(keys.user), ...json, accept: 'text/event-stream' },
      body: JSON.stringify({ brief }),
    });
    expect(old).toMatchObject({ status: 200, ended: true, streamId: expect.stringMatching(/^strm_/) });
    expect(old.events.at(-1)?.event).toBe('complete');
  });
});
