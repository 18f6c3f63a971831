import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource, type FetchLike } from 'eventsource';
import OpenAI from 'openai';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';
import { PausedModel } from '../support/paused-model.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, breakingOff, resetting } from '../support/scripted-upstream-scripts.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const asked = { model: TEXT_MODEL, input: 'What comes first?' } as const;
const counted = (count: number) => Array.from({ length: count }, (_, at) => at);
/** Events before the model pauses: three of the life, two of the item, at least one of its words. */
const PAUSED_AFTER = 6;

/** Each call is answered by the script that the test chose last. */
class ChosenModel {
  next: Script = () => undefined;
  readonly script: Script = (request, response) => this.next(request, response);
}

describe('responses while they are made, with the official client of OpenAI', () => {
  let surface: Surface;
  let client: OpenAI;
  let paused: PausedModel;
  const model = new ChosenModel();
  beforeAll(async () => {
    surface = await startSurface(model.script);
    client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey, maxRetries: 0 });
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  /** A response of the background that stopped in the middle of its words. */
  async function begun() {
    paused = new PausedModel(WORDS);
    model.next = paused.script;
    const calls = surface.upstream.requests.length;
    const { id } = await client.responses.create({ ...asked, background: true });
    const request = await surface.upstream.received(calls + 1);
    return { id, request };
  }

  /** The first events of a stream; leaves it there. */
  async function some(stream: AsyncIterable<ResponseStreamEvent>, count: number): Promise<ResponseStreamEvent[]> {
    const events: ResponseStreamEvent[] = [];
    for await (const event of stream) if (events.push(event) === count) break;
    return events;
  }

  it('are resumed in the middle by starting_after and go on live, for any number of readers', async () => {
    const { id } = await begun();
    const first = await some(await client.responses.retrieve(id, { stream: true }), PAUSED_AFTER);
    const readers = [3, PAUSED_AFTER - 1].map(async (after) =>
      Array.fromAsync(await client.responses.retrieve(id, { stream: true, starting_after: after })),
    );
    const accumulated = client.responses.stream({ response_id: id, starting_after: 2 });
    expect((await client.responses.retrieve(id)).status).toBe('in_progress');
    paused.letGo();
    const [early = [], late = []] = await Promise.all(readers);
    expect([...first.slice(0, 4), ...early].map((event) => event.sequence_number)).toEqual(counted(4 + early.length));
    expect([...first, ...late]).toEqual([...first.slice(0, 4), ...early]);
    expect(late.at(-1)?.type).toBe('response.completed');
    expect((await accumulated.finalResponse()).output_text).toBe(WORDS);
  });

  it('are stopped by a cancel: the model within a second, the stream with a last event, the tokens settled', async () => {
    const before = await limits();
    const { id, request } = await begun();
    const reader = Array.fromAsync(await client.responses.retrieve(id, { stream: true }));
    await until('words were told', async () => (await client.responses.retrieve(id)).status === 'in_progress');
    const askedAt = Date.now();
    const cancelled = await client.responses.cancel(id);
    await request.over;
    expect((request.closedByClientAt ?? Number.POSITIVE_INFINITY) - askedAt).toBeLessThan(1_000);
    expect(cancelled).toMatchObject({ id, status: 'cancelled', error: null });
    expect((await reader).at(-1)).toMatchObject({ type: 'response.failed', response: { id, status: 'cancelled' } });
    expect(await client.responses.cancel(id)).toEqual(cancelled);
    const after = await limits();
    expect(after.reserved).toBe(0);
    expect(after.remaining).toBeLessThan(before.remaining);
  });

  it('are stopped by a delete, and forgotten', async () => {
    const { id, request } = await begun();
    await client.responses.delete(id);
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  it('go on when their reader leaves, if they are stored', async () => {
    paused = new PausedModel(WORDS);
    model.next = paused.script;
    const [created] = await some(await client.responses.create({ ...asked, stream: true }), 4);
    const { id } = Object(created).response as Response;
    paused.letGo();
    await until('it was completed', async () => (await client.responses.retrieve(id)).status === 'completed');
  });

  it('stop with their reader, if they are not stored', async () => {
    model.next = new PausedModel(WORDS).script;
    const calls = surface.upstream.requests.length;
    await some(await client.responses.create({ ...asked, stream: true, store: false }), 4);
    const request = await surface.upstream.received(calls + 1);
    await request.over;
    expect(request.closedByClientAt).toBeDefined();
  });

  it('that are cut by the token limit are incomplete', async () => {
    model.next = answering(WORDS, { finish: 'length' });
    const events = await Array.fromAsync(
      await client.responses.create({ ...asked, stream: true, max_output_tokens: 7 }),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: {
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [{ status: 'incomplete', content: [{ text: WORDS }] }],
      },
    });
  });

  it.each([
    ['breaks off', breakingOff('Tea first')],
    ['is reset', resetting('Tea first')],
  ])('whose model %s end in response.failed with what was told', async (_how, script) => {
    model.next = script;
    const events = await Array.fromAsync(await client.responses.create({ ...asked, stream: true }));
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error' }, output: [{ status: 'incomplete' }] },
    });
    const { id } = Object(last).response as Response;
    expect(await client.responses.retrieve(id)).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  });

  it('are followed by an EventSource that reconnects by itself, misses nothing, and ends by itself', async () => {
    const { id } = await begun();
    const proxy = await TcpProxy.start(Number(new URL(surface.baseURL).port));
    const fetchWith: FetchLike = (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${surface.apiKey}` } } as RequestInit);
    const source = new EventSource(`http://127.0.0.1:${proxy.port}/v1/responses/${id}?stream=true`, {
      fetch: fetchWith,
    });
    const heard: number[] = [];
    const ids: string[] = [];
    const over = Promise.withResolvers<void>();
    const types = ['created', 'queued', 'in_progress', 'output_item.added', 'content_part.added', 'output_text.delta'];
    const ends = ['output_text.done', 'content_part.done', 'output_item.done', 'completed'];
    for (const type of [...types, ...ends]) {
      source.addEventListener(`response.${type}`, ({ data, lastEventId }) => {
        heard.push((JSON.parse(data) as ResponseStreamEvent).sequence_number);
        ids.push(lastEventId);
        if (type === 'completed') over.resolve();
      });
    }
    await until('the beginning was heard', () => heard.length >= PAUSED_AFTER);
    proxy.cut();
    proxy.heal();
    paused.letGo();
    await over.promise;
    // It comes back once more, hears that there is nothing, and stays away.
    await until('it gave up by itself', () => source.readyState === EventSource.CLOSED);
    await proxy[Symbol.asyncDispose]();
    expect(heard).toEqual(counted(heard.length));
    expect(ids).toEqual(heard.map(String));
  }, 30_000);

  async function limits(): Promise<{ readonly reserved: number; readonly remaining: number }> {
    const url = `${new URL(surface.baseURL).origin}/v1/limits`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${surface.apiKey}` } });
    return Object(await answer.json()).token_quota;
  }
});
