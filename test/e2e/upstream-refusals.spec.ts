import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadRequestError, InternalServerError, RateLimitError } from 'openai';
import { ASKED, failure, type PlayedSurface, startPlayedSurface } from '../support/openai-surface.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { failing, replying } from '../support/scripted-upstream-scripts.ts';

const tooLong = replying(
  400,
  { 'content-type': 'application/json' },
  JSON.stringify({
    error: { message: 'sk-leak', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
  }),
);

describe('the official client with its default retries, and an upstream that does not answer', () => {
  let surface: PlayedSurface;
  beforeAll(async () => {
    surface = await startPlayedSurface();
  }, 60_000);
  afterAll(() => surface[Symbol.asyncDispose]());

  async function ask(with_: Script) {
    surface.play(with_);
    const before = surface.upstream.requests.length;
    const error = await failure(surface.client.chat.completions.create(ASKED));
    return { error, calls: surface.upstream.requests.length - before };
  }

  it('learns what is wrong with its request, from one call', async () => {
    const { error, calls } = await ask(tooLong);
    expect(calls).toBe(1);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({
      ...{ status: 400, code: 'context_length_exceeded', type: 'invalid_request_error', param: 'messages' },
      message: expect.not.stringContaining('sk-leak'),
    });
  });

  it('is told to slow down when our own retries did not help, and multiplies none of them', async () => {
    const { error, calls } = await ask(failing(429, { 'retry-after': '1' }));
    expect(calls).toBe(3);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(Object(error).headers.get('retry-after')).toBe('1');
  });

  it.each([
    ['is out of order', failing(500, {}), 3],
    ['does not take our key', failing(401, {}), 1],
    ['has no more money of ours', replying(429, {}, '{"error":{"code":"insufficient_quota"}}'), 1],
  ])('asks once when the upstream %s', async (_how, failing_, times) => {
    const { error, calls } = await ask(failing_);
    expect(error).toBeInstanceOf(InternalServerError);
    expect([Object(error).status, calls]).toEqual([502, times]);
  });
});
