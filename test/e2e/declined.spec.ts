import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { draftRequest } from '../support/drafts.ts';
import { ASKED, type PlayedSurface, startPlayedSurface, TEXT_MODEL } from '../support/openai-surface.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, refusing } from '../support/scripted-upstream-scripts.ts';
import { settled } from '../support/token-quota.ts';

const REFUSAL = 'I would rather not say that.';
const CUT = 'First you take';
/** As the scripted model counts. */
const CHARGE = 18;

describe('a model that declines, and the official client with its default retries', () => {
  let surface: PlayedSurface;
  beforeAll(async () => {
    surface = await startPlayedSurface();
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  /** What something comes to that is asked for once. */
  async function once<T>(saying: Script, ask: () => PromiseLike<T>): Promise<T> {
    surface.play(saying);
    const [calls, tokens] = [surface.upstream.requests.length, await settled(surface.server)];
    const answer = await ask();
    expect(surface.upstream.requests.length - calls).toBe(1);
    expect((await settled(surface.server)) - tokens).toBe(CHARGE);
    return answer;
  }

  const chat = (saying: Script) =>
    once(saying, async () => (await surface.client.chat.completions.create(ASKED)).choices[0]);

  async function chunks(saying: Script) {
    const all = await once(saying, async () =>
      Array.fromAsync(await surface.client.chat.completions.create({ ...ASKED, stream: true })),
    );
    const choices = all.flatMap((chunk) => chunk.choices);
    return {
      refusal: choices.map(({ delta }) => delta.refusal ?? '').join(''),
      content: choices.map(({ delta }) => delta.content ?? '').join(''),
      finish: choices.at(-1)?.finish_reason,
    };
  }

  const respond = (saying: Script) =>
    once(saying, () => surface.client.responses.create({ model: TEXT_MODEL, input: 'Say it', store: false }));

  const events = (saying: Script): Promise<ResponseStreamEvent[]> =>
    once(saying, async () =>
      Array.fromAsync(await surface.client.responses.create({ model: TEXT_MODEL, input: 'Say it', stream: true })),
    );

  it('in its own words is a conversation with a refusal', async () => {
    expect(await chat(refusing(REFUSAL, {}))).toMatchObject({
      finish_reason: 'stop',
      message: { content: null, refusal: REFUSAL },
    });
    expect(await chunks(refusing(REFUSAL, {}))).toEqual({ refusal: REFUSAL, content: '', finish: 'stop' });
  });

  it('by a filter is a conversation that ends there', async () => {
    const filtered = answering(CUT, { finish: 'content_filter' });
    expect(await chat(filtered)).toMatchObject({
      finish_reason: 'content_filter',
      message: { content: CUT, refusal: null },
    });
    expect(await chunks(filtered)).toEqual({ refusal: '', content: CUT, finish: 'content_filter' });
    expect(await chat(answering('', { finish: 'content_filter' }))).toMatchObject({ finish_reason: 'content_filter' });
  });

  it('in its own words is a response with a refusal', async () => {
    const { status, output } = await respond(refusing(REFUSAL, {}));
    expect([status, output]).toMatchObject([
      'completed',
      [{ type: 'message', status: 'completed', content: [{ type: 'refusal', refusal: REFUSAL }] }],
    ]);
    const told = await events(refusing(REFUSAL, {}));
    const types = [...new Set(told.map(({ type }) => type))];
    expect(types.slice(2)).toEqual([
      'response.output_item.added',
      'response.content_part.added',
      'response.refusal.delta',
      'response.refusal.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(told.map((event) => (event.type === 'response.refusal.delta' ? event.delta : '')).join('')).toBe(REFUSAL);
    expect(told.find(({ type }) => type === 'response.refusal.done')).toMatchObject({ refusal: REFUSAL });
  });

  it('by a filter is a response that is incomplete', async () => {
    const filtered = answering(CUT, { finish: 'content_filter' });
    const incomplete = {
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [{ status: 'incomplete', content: [{ type: 'output_text', text: CUT }] }],
    };
    expect(await respond(filtered)).toMatchObject(incomplete);
    expect((await events(filtered)).at(-1)).toMatchObject({ type: 'response.incomplete', response: incomplete });
  });

  it('a draft is a failure, charged', async () => {
    const { url, payload, headers } = draftRequest();
    for (const saying of [refusing(REFUSAL, {}), answering('', { finish: 'content_filter' })]) {
      const answer = await once(saying, () => surface.server.inject({ method: 'POST', url, payload, headers }));
      expect([answer.statusCode, answer.json().code]).toEqual([502, 'UPSTREAM_FAILED']);
    }
  });
});
