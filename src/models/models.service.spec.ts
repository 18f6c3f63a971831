import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError, Clock, Degradation, type Log, type Stop } from '#src/kernel/index.js';
import { Models } from './models.service.js';
import {
  type EmbedResult,
  type ModelCard,
  ModelProvider,
  type StructuredEvent,
  type TextEvent,
  type TextRequest,
} from './provider.port.js';
import { UpstreamError } from './upstream-error.js';

/** Stands still until told. */
class StillClock extends Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  after(): Stop {
    return () => undefined;
  }

  every(): Stop {
    return () => undefined;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }
}

const usage = { inputTokens: 1, outputTokens: 1 };

/** Says its words, then fails if it was told to. */
class PlayedProvider extends ModelProvider {
  readonly models: readonly ModelCard[];
  words: readonly string[] = ['hello'];
  error: Error | undefined;

  constructor(readonly name: string) {
    super();
    this.models = [
      { id: `${name}-text`, kind: 'text', provider: name },
      { id: `${name}-embed`, kind: 'embedding', provider: name },
    ];
  }

  async *structured(): AsyncGenerator<StructuredEvent> {
    if (this.error !== undefined) throw this.error;
    yield { type: 'done', value: {}, usage, model: 'm', provider: this.name, finish: 'stop', repairs: 0 };
  }

  async *text(): AsyncGenerator<TextEvent> {
    for (const text of this.words) yield { type: 'delta', text };
    if (this.error !== undefined) throw this.error;
    yield { type: 'done', text: this.words.join(''), usage, model: 'm', provider: this.name, finish: 'stop' };
  }

  async embed(): Promise<EmbedResult> {
    if (this.error !== undefined) throw this.error;
    return { vectors: [[1]], usage, model: 'm', provider: this.name };
  }
}

const BUSY = new UpstreamError('busy', 'The model is overloaded', { status: 503 });
const REJECTED = new UpstreamError('rejected', 'The model did not accept the request', { status: 400 });

function setUp() {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, event: string): void =>
    void lines.push({ ...fields, event });
  const log: Log = { info: write, warn: write, error: write, debug: write };
  const first = new PlayedProvider('first');
  const second = new PlayedProvider('second');
  const clock = new StillClock();
  const degradation = new Degradation();
  const models = new Models([first, second], clock, degradation, log);
  const ask = (request: Partial<TextRequest> = {}, signal = new AbortController().signal): Promise<TextEvent[]> =>
    Array.fromAsync(models.text({ messages: [], ...request }, signal));
  const answeredBy = async (request: Partial<TextRequest> = {}): Promise<unknown> => {
    const last = (await ask(request)).at(-1);
    return last?.type === 'done' ? last.provider : undefined;
  };
  return { first, second, clock, degradation, models, ask, answeredBy, lines };
}

type Scene = ReturnType<typeof setUp>;

async function breakFirst({ first, answeredBy }: Scene): Promise<void> {
  first.words = [];
  first.error = BUSY;
  for (let call = 0; call < 5; call++) await answeredBy();
}

describe('Models', () => {
  it('asks the first choice', async () => {
    expect(await setUp().answeredBy()).toBe('first');
  });

  it('asks the one that serves the model which was named', async () => {
    expect(await setUp().answeredBy({ model: 'second-text' })).toBe('second');
  });

  it.each(['third-text', 'first-embed', ''])('knows no text model called %j, and says which there are', (model) => {
    const { models } = setUp();
    const ask = () => models.text({ messages: [], model }, new AbortController().signal);
    expect(ask).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(ask).toThrow(
      expect.objectContaining({ extensions: { details: { models: ['first-text', 'second-text'] } } }),
    );
  });

  it('hands over when the first choice fails before a word', async () => {
    const { first, answeredBy, lines } = setUp();
    first.words = [];
    first.error = BUSY;
    expect(await answeredBy()).toBe('second');
    expect(lines).toEqual([{ event: 'model.call_failed', provider: 'first', fault: 'busy', status: 503 }]);
  });

  it('hands over for structured answers and embeddings too', async () => {
    const { first, models } = setUp();
    first.error = BUSY;
    const signal = new AbortController().signal;
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.object({}) };
    expect(await Array.fromAsync(models.structured(request, signal))).toMatchObject([{ provider: 'second' }]);
    expect(await models.embed({ texts: ['a'] }, signal)).toMatchObject({ provider: 'second' });
  });

  it('does not hand over once a word was heard', async () => {
    const { first, ask } = setUp();
    first.error = BUSY;
    await expect(ask()).rejects.toBe(BUSY);
  });

  it('does not hand over to a provider that lacks the named model', async () => {
    const { first, ask } = setUp();
    first.words = [];
    first.error = BUSY;
    await expect(ask({ model: 'first-text' })).rejects.toBe(BUSY);
  });

  it.each([new AppError('BAD_INPUT'), new TypeError('a fault of ours')])('does not hand over for %s', async (error) => {
    const { first, ask } = setUp();
    first.words = [];
    first.error = error;
    await expect(ask()).rejects.toBe(error);
  });

  it('ends in the last failure when nobody can answer', async () => {
    const { first, second, ask } = setUp();
    for (const each of [first, second]) each.words = [];
    first.error = BUSY;
    second.error = REJECTED;
    await expect(ask()).rejects.toBe(REJECTED);
  });

  it('stops asking a provider that keeps failing, and says so until it is back', async () => {
    const scene = setUp();
    await breakFirst(scene);
    expect(scene.degradation.list).toEqual(['model']);
    expect(scene.models.status()).toEqual([
      { name: 'first', state: 'open', calls: 5, failures: 5 },
      { name: 'second', state: 'closed', calls: 5, failures: 0 },
    ]);

    expect(await scene.answeredBy()).toBe('second');
    expect(scene.models.status()[0]?.calls).toBe(5);

    scene.clock.at = 10_000;
    scene.first.error = undefined;
    scene.first.words = ['back'];
    expect(await scene.answeredBy()).toBe('first');
    expect(scene.degradation.list).toEqual([]);
  });

  it('does not hold rejected requests against a provider', async () => {
    const { first, answeredBy, models } = setUp();
    first.words = [];
    first.error = REJECTED;
    for (let call = 0; call < 9; call++) await answeredBy();
    expect(models.status()[0]).toEqual({ name: 'first', state: 'closed', calls: 9, failures: 0 });
  });

  it('says when to come back while every provider is turned away', async () => {
    const scene = setUp();
    scene.second.words = [];
    scene.second.error = BUSY;
    await breakFirst({ ...scene, answeredBy: (request) => scene.answeredBy(request).catch(() => undefined) });
    scene.clock.at = 4_000;
    await expect(scene.ask()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED', retryAfterMs: 6_000 });
  });

  it('asks nobody for a caller who has left', async () => {
    const { ask, models } = setUp();
    await expect(ask({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(models.status().map(({ calls }) => calls)).toEqual([0, 0]);
  });

  it('learns nothing from a caller who left in mid-answer', async () => {
    const { first, models } = setUp();
    first.words = ['a', 'b'];
    for (let call = 0; call < 9; call++) {
      for await (const _event of models.text({ messages: [] }, new AbortController().signal)) break;
    }
    expect(models.status()[0]).toEqual({ name: 'first', state: 'closed', calls: 9, failures: 0 });
  });

  it('calls an abort a cancellation, whatever the provider threw, and hands over to nobody', async () => {
    const { first, models } = setUp();
    const controller = new AbortController();
    first.error = new Error('aborted in its own way');
    const events = models.text({ messages: [] }, controller.signal)[Symbol.asyncIterator]();
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('shows every model, first choice first', () => {
    expect(
      setUp()
        .models.cards()
        .map(({ id }) => id),
    ).toEqual(['first-text', 'first-embed', 'second-text', 'second-embed']);
  });
});
