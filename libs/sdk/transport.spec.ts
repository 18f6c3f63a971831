import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { AbortError, ConnectionError, TimeoutError } from './errors.js';
import { AnsweringFetch } from './testing/answering-fetch.js';
import { API_KEY, BRIEF } from './testing/sample-stream.js';
import { problemResponse } from './testing/scripted-service.js';

const ok = () => Response.json({ status: 'ok' });
const cut = () => Promise.reject(new TypeError('fetch failed'));
const never = () => new Promise<Response>(() => undefined);
const draft = { brief: BRIEF };

const keysOf = (sent: readonly RequestInit[]) => sent.map(({ headers }) => new Headers(headers).get('idempotency-key'));

describe('a request', () => {
  it('carries the key, JSON and nothing of its surroundings', async () => {
    const { client, sent, urls, time } = new AnsweringFetch([ok], { baseURL: 'https://service.test/below/' });
    await time.drive(client.keys.create({ name: 'job', kind: 'api', roles: ['user'] }));
    expect(urls).toEqual(['https://service.test/below/v1/keys']);
    expect(sent[0]).toMatchObject({ method: 'POST', redirect: 'error', credentials: 'omit' });
    expect(sent[0]?.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${API_KEY}`,
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.parse(String(sent[0]?.body))).toEqual({ name: 'job', kind: 'api', roles: ['user'] });
    expect(time.pending).toBe(0);
  });

  it('names one page of a list', async () => {
    const { client, sent, urls, time } = new AnsweringFetch([ok], {});
    await time.drive(client.keys.list({ limit: 5, cursor: 'a b&c' }));
    expect(urls).toEqual(['https://service.test/v1/keys?limit=5&cursor=a+b%26c']);
    expect(sent[0]?.body).toBeUndefined();
  });

  it('never shows the key when the client is printed', () => {
    const { client } = new AnsweringFetch([ok], {});
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain(API_KEY);
  });
});

describe('an answer', () => {
  it('that is no JSON is an error', async () => {
    const { client, outcome } = new AnsweringFetch([() => new Response('<html>')], {});
    expect(await outcome(client.status())).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  it('that is no event stream is an error of the stream', async () => {
    const { client, outcome, sent } = new AnsweringFetch([ok], {});
    expect(await outcome(client.drafts.stream(draft).finalDraft())).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    expect(sent).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('becomes an error with everything the service said', async () => {
    const problem = {
      code: 'BAD_INPUT',
      status: 400,
      detail: 'The brief is too short',
      request_id: 'req-1',
      trace_id: 'trace-1',
      errors: [{ path: 'brief', code: 'too_small', message: 'At least 30 characters' }, 'noise'],
    };
    const { client, outcome } = new AnsweringFetch([() => Response.json(problem, { status: 400 })], {});
    expect(await outcome(client.drafts.create(draft))).toMatchObject({
      name: 'CountersignError',
      code: 'BAD_INPUT',
      message: 'BAD_INPUT: The brief is too short',
      status: 400,
      requestId: 'req-1',
      traceId: 'trace-1',
      errors: [{ path: 'brief', code: 'too_small', message: 'At least 30 characters' }],
    });
  });

  it.each(['<html>Bad gateway</html>', '', '[]', '{"code":7}', 'null'])(
    'by something before the service, which says %j, keeps its status',
    async (text) => {
      const answer = () => new Response(text, { status: 403, headers: { 'x-request-id': 'edge-1' } });
      const { client, outcome } = new AnsweringFetch([answer], {});
      const error = await outcome(client.status());
      expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status: 403, requestId: 'edge-1' });
    },
  );
});

describe('a request that fails', () => {
  it('with 429 is sent again when the service says', async () => {
    const busy = () => problemResponse('RATE_LIMITED', 429, { 'retry-after': '2', 'retry-after-ms': '1234' });
    const { client, outcome, time } = new AnsweringFetch([busy, ok], {});
    expect(await outcome(client.drafts.create(draft))).toEqual({ status: 'ok' });
    expect(time.waits).toEqual([1_234]);
  });

  it('is sent again with growing waits, and not for ever', async () => {
    const { client, outcome, time, sent } = new AnsweringFetch([cut], { maxRetries: 3 });
    expect(await outcome(client.status())).toBeInstanceOf(ConnectionError);
    expect(sent).toHaveLength(4);
    expect(time.waits).toEqual([375, 750, 1_500]);
  });

  it('and costs something is sent again under the same key, another call under another', async () => {
    const { client, outcome, sent } = new AnsweringFetch([cut, ok], {});
    expect(await outcome(client.drafts.create(draft))).toEqual({ status: 'ok' });
    await outcome(client.drafts.create(draft));
    const [first, again, other] = keysOf(sent);
    expect([again === first, other === first, first?.length]).toEqual([true, false, 36]);
  });

  it('is sent under the key its caller gave it', async () => {
    const { client, outcome, sent } = new AnsweringFetch([cut, ok], {});
    await outcome(client.drafts.create(draft, { idempotencyKey: 'order-7' }));
    expect(keysOf(sent)).toEqual(['order-7', 'order-7']);
  });

  it('and still runs is asked for until it ends, within the time a request may take', async () => {
    const running = () =>
      problemResponse('IDEMPOTENCY_IN_PROGRESS', 409, { 'retry-after-ms': '1000', 'x-should-retry': 'true' });
    const patient = new AnsweringFetch([cut, running, running, running, running, ok], { maxRetries: 1 });
    expect(await patient.outcome(patient.client.drafts.create(draft))).toEqual({ status: 'ok' });
    expect(patient.sent).toHaveLength(6);
    const endless = new AnsweringFetch([cut, running], { maxRetries: 1, timeoutMs: 5_000 });
    expect(await endless.outcome(endless.client.drafts.create(draft))).toMatchObject({
      code: 'IDEMPOTENCY_IN_PROGRESS',
    });
    expect(endless.sent.length).toBeLessThan(8);
    const foreign = new AnsweringFetch([running], { maxRetries: 0 });
    await foreign.outcome(foreign.client.drafts.create(draft, { idempotencyKey: 'another-process-has-it' }));
    expect(foreign.sent).toHaveLength(1);
  });

  it('in the middle of its answer is sent again when that is safe', async () => {
    const half = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('{"sta')),
          pull: (controller) => controller.error(new TypeError('terminated')),
        }),
      );
    const { client, outcome, sent } = new AnsweringFetch([half, ok], {});
    expect(await outcome(client.status())).toEqual({ status: 'ok' });
    expect(sent).toHaveLength(2);
  });

  it('is sent fewer times for a caller who wants that', async () => {
    const { client, outcome, sent } = new AnsweringFetch([cut], {});
    await outcome(client.status({ maxRetries: 0 }));
    expect(sent).toHaveLength(1);
  });
});

describe('a slow service', () => {
  it('is waited for as long as allowed, even by a fetch that ignores its signal', async () => {
    const { client, outcome, time } = new AnsweringFetch([never], { timeoutMs: 5_000, maxRetries: 0 });
    const error = await outcome(client.status());
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: 'TIMED_OUT', timeoutMs: 5_000 });
    expect(time.waits).toEqual([5_000]);
  });

  it('that stops in the middle of an answer is not waited for longer', async () => {
    const stuck = () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }));
    const { client, outcome } = new AnsweringFetch([stuck], {});
    const error = await outcome(client.drafts.create(draft, { timeoutMs: 700 }));
    expect(error).toMatchObject({ code: 'TIMED_OUT', timeoutMs: 700 });
  });
});

describe('a caller who aborts', () => {
  it('before the request sends nothing further', async () => {
    const { client, outcome } = new AnsweringFetch([never], {});
    expect(await outcome(client.status({ signal: AbortSignal.abort('enough') }))).toBeInstanceOf(AbortError);
  });

  it('during the request, or the wait for the next, ends it', async () => {
    for (const answer of [never, cut]) {
      const abort = new AbortController();
      const { client, time, sent } = new AnsweringFetch([answer], {});
      const call = client.status({ signal: abort.signal, timeoutMs: 3_600_000 });
      abort.abort();
      await expect(time.drive(call)).rejects.toMatchObject({ code: 'ABORTED' });
      expect(sent.length).toBeLessThanOrEqual(1);
      expect(time.pending).toBe(0);
    }
  });
});
