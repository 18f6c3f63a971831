import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { HEARTBEAT } from '#libs/sse/index.js';
import { type Surface, startSurface, TEXT_MODEL, WORDS } from '../support/openai-surface.ts';
import { asking } from '../support/repeats.ts';
import { answering, standard } from '../support/scripted-upstream-scripts.ts';
import { settled } from '../support/token-quota.ts';
import { until } from '../support/until.ts';

const CHARGE = 18;
/** The client gives up a request that has no head by then. */
const CLIENT_TIMEOUT_MS = 500;
const HEARTBEAT_MS = 100;
/** As many as come in twice the time for which the client waits. */
const HEARTBEATS = (2 * CLIENT_TIMEOUT_MS) / HEARTBEAT_MS;

/** Requests whose caller went away. */
const gone = ({ server }: Surface): number => server.logged().filter(({ http_status }) => http_status === 499).length;

describe('the official client with its default retries, and a model that stalls longer than it waits', () => {
  let gate = Promise.withResolvers<void>();
  let surface: Surface;
  let client: OpenAI;
  let heartbeats = 0;
  /** Counts what the client skips. */
  const listening: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, onwards) {
        if (Buffer.from(bytes).includes(HEARTBEAT)) heartbeats += 1;
        onwards.enqueue(bytes);
      },
    });
    return new Response(answer.body?.pipeThrough(counting) ?? null, answer);
  };
  beforeAll(async () => {
    const words = answering(WORDS, {});
    const env = { SSE_HEARTBEAT_MS: String(HEARTBEAT_MS) };
    surface = await startSurface(async (request, response) => {
      await gate.promise;
      await standard({ words })(request, response);
    }, env);
    const { baseURL, apiKey } = surface;
    client = new OpenAI({ baseURL, apiKey, timeout: CLIENT_TIMEOUT_MS, fetch: listening });
  }, 60_000);
  afterAll(async () => {
    gate.resolve();
    await surface[Symbol.asyncDispose]();
  });

  const asked = (what: string) => ({ model: TEXT_MODEL, messages: [{ role: 'user' as const, content: what }] });

  /** What calls and tokens something took. */
  async function cost<T>(what: () => Promise<T>): Promise<{ result: T; calls: number; tokens: number }> {
    gate = Promise.withResolvers();
    const [calls, tokens] = [surface.upstream.requests.length, await settled(surface.server)];
    const result = await what();
    return {
      result,
      calls: surface.upstream.requests.length - calls,
      tokens: (await settled(surface.server)) - tokens,
    };
  }

  it('is one upstream call, one charge and one answer, as JSON', async () => {
    const left = gone(surface);
    const outcome = await cost(async () => {
      const answer = client.chat.completions.create(asked('as JSON'));
      await until('the first attempt times out', () => gone(surface) > left);
      gate.resolve();
      return (await answer).choices[0]?.message.content;
    });
    expect(outcome).toEqual({ result: WORDS, calls: 1, tokens: CHARGE });
  });

  it('is one upstream call, one charge and one answer, as a stream', async () => {
    const outcome = await cost(async () => {
      const stream = await client.chat.completions.create({ ...asked('as a stream'), stream: true });
      const chunks = Array.fromAsync(stream);
      const enough = heartbeats + HEARTBEATS;
      await until('the model has thought for longer than the client waits', () => heartbeats >= enough);
      gate.resolve();
      return (await chunks).map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    });
    expect(outcome).toEqual({ result: WORDS, calls: 1, tokens: CHARGE });
  });

  it.each([
    ['as JSON', {}],
    ['as a stream, before its first word', { stream: true }],
  ])('is stopped when its user gives up, %s', async (how, more) => {
    gate = Promise.withResolvers();
    const calls = surface.upstream.requests.length;
    const user = new AbortController();
    const answer = client.chat.completions.create(
      { ...asked(`given up ${how}`), ...more },
      { signal: user.signal, timeout: 60_000 },
    );
    const ended = Promise.allSettled([answer]);
    const call = await surface.upstream.received(calls + 1);
    const at = Date.now();
    user.abort();
    await ended;
    await call.over;
    // Three quarters of a second; one that may have timed out would have ten.
    expect((call.closedByClientAt ?? Number.POSITIVE_INFINITY) - at).toBeLessThan(5_000);
    expect(surface.upstream.requests.length - calls).toBe(1);
  });

  it('is one upstream call also when the head of a stream was lost on its way', async () => {
    const body = JSON.stringify({ ...asked('lost head'), stream: true });
    const ask = (attempt: number, signal: AbortSignal | null) => {
      const headers = asking({ 'x-stainless-retry-count': String(attempt) });
      return fetch(`${surface.baseURL}/chat/completions`, { method: 'POST', headers, body, signal });
    };
    const outcome = await cost(async () => {
      const left = gone(surface);
      const first = new AbortController();
      const lost = await ask(0, first.signal);
      first.abort();
      await until('the first attempt is missed', () => gone(surface) > left);
      const retry = await ask(1, null);
      gate.resolve();
      const text = await retry.text();
      const ids = [lost, retry].map(({ headers }) => headers.get('x-stream-id'));
      return [retry.headers.get('idempotent-replayed'), ids[0] === ids[1], text.endsWith('data: [DONE]\n\n')];
    });
    expect(outcome).toEqual({ result: ['true', true, true], calls: 1, tokens: CHARGE });
  });
});
