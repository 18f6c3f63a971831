import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError, Clock, Degradation, type Log, type Stop, type Usage } from '#src/kernel/index.js';
import { RecordingMeter } from '../../test/support/recording-meter.ts';
import { Models } from './models.service.js';
import {
  type EmbedResult,
  type ModelCard,
  ModelProvider,
  type Progress,
  type StructuredEvent,
  type TextEvent,
  type TextRequest,
} from './provider.port.js';
import { RouteTable } from './route-table.js';
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
  /** By which name it was asked for a text. */
  readonly asked: (string | undefined)[] = [];
  /** What it costs before it has anything to show. */
  unshown: Usage | undefined;

  constructor(readonly name: string) {
    super();
    this.models = [
      { id: `${name}-text`, kind: 'text', provider: name },
      { id: `${name}-embed`, kind: 'embedding', provider: name },
    ];
  }

  async *structured(): AsyncGenerator<StructuredEvent | Progress> {
    if (this.unshown !== undefined) yield { type: 'progress', used: this.unshown };
    if (this.error !== undefined) throw this.error;
    yield { type: 'done', value: {}, usage, model: 'm', provider: this.name, finish: 'stop', repairs: 0 };
  }

  async *text({ model }: TextRequest): AsyncGenerator<TextEvent> {
    this.asked.push(model);
    for (const text of this.words) yield { type: 'delta', text, used: usage };
    if (this.error !== undefined) throw this.error;
    yield {
      type: 'done',
      text: this.words.join(''),
      toolCalls: [],
      usage,
      model: 'm',
      provider: this.name,
      finish: 'stop',
    };
  }

  async embed(): Promise<EmbedResult> {
    if (this.error !== undefined) throw this.error;
    return { vectors: [[1]], usage, model: 'm', provider: this.name };
  }
}

const BUSY = new UpstreamError('busy', 'The model is overloaded', { status: 503 });
const REJECTED = new UpstreamError('rejected', 'The model did not accept the request', { status: 400 });

const TABLE: ConstructorParameters<typeof RouteTable>[0] = {
  routes: {
    text: {
      house: [
        { provider: 'first', model: 'first-large' },
        { provider: 'second', model: 'second-small' },
      ],
    },
    embedding: {},
  },
  prices: { second: { 'second-small': { input: 2, output: 3 } } },
};

function setUp() {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, event: string): void =>
    void lines.push({ ...fields, event });
  const log: Log = { info: write, warn: write, error: write, debug: write };
  const first = new PlayedProvider('first');
  const second = new PlayedProvider('second');
  const clock = new StillClock();
  const degradation = new Degradation();
  const models = new Models([first, second], clock, degradation, log, { table: new RouteTable(TABLE) });
  const meter = new RecordingMeter();
  const ask = (request: Partial<TextRequest> = {}, signal = new AbortController().signal): Promise<TextEvent[]> =>
    Array.fromAsync(models.text({ messages: [], ...request }, { tenantId: 'acme', meter, signal }));
  const answeredBy = async (request: Partial<TextRequest> = {}): Promise<unknown> => {
    const last = (await ask(request)).at(-1);
    return last?.type === 'done' ? last.provider : undefined;
  };
  return { first, second, clock, degradation, models, meter, ask, answeredBy, lines };
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
    const ask = () =>
      models.text(
        { messages: [], model },
        { tenantId: 'acme', meter: new RecordingMeter(), signal: new AbortController().signal },
      );
    expect(ask).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(ask).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({ details: { models: ['house', 'first-text', 'second-text'] } }),
      }),
    );
    expect(() => models.assertServed('text', model)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it.each(['house', 'second-text', undefined])(
    'serves a text model called %j before and after it was asked',
    async (model) => {
      const { models, answeredBy } = setUp();
      models.assertServed('text', model);
      await answeredBy(model === undefined ? {} : { model });
      models.assertServed('text', model);
    },
  );

  it('hands over when the first choice fails before a word', async () => {
    const { first, answeredBy, lines } = setUp();
    first.words = [];
    first.error = BUSY;
    expect(await answeredBy()).toBe('second');
    expect(lines).toEqual([{ event: 'model.call_failed', provider: 'first', fault: 'busy', status: 503 }]);
  });

  it('hands over for structured answers and embeddings too', async () => {
    const { first, models, meter } = setUp();
    first.error = BUSY;
    const signal = new AbortController().signal;
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.object({}) };
    expect(await Array.fromAsync(models.structured(request, { tenantId: 'acme', meter, signal }))).toMatchObject([
      { provider: 'second' },
    ]);
    expect(
      await models.embed({ texts: ['a'] }, { tenantId: 'acme', meter: new RecordingMeter(), signal }),
    ).toMatchObject({ provider: 'second' });
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

  it('goes on asking the other models of a provider of which one keeps failing', async () => {
    const scene = setUp();
    await breakFirst(scene);
    scene.first.error = undefined;
    scene.first.words = ['still here'];
    expect(await scene.answeredBy()).toBe('second');
    expect(await scene.answeredBy({ model: 'house' })).toBe('first');
    expect(scene.first.asked.at(-1)).toBe('first-large');
    expect(scene.lines).toContainEqual({
      event: 'model.breaker_moved',
      provider: 'first',
      model: 'text',
      state: 'open',
    });
  });

  it('does not hold rejected requests against a provider, and does not ask others behind its back', async () => {
    const { first, ask, models } = setUp();
    first.words = [];
    for (const fault of ['rejected', 'declined'] as const) {
      first.error = new UpstreamError(fault, 'x');
      for (let call = 0; call < 9; call++) await expect(ask()).rejects.toBe(first.error);
    }
    expect(models.status()).toEqual([
      { name: 'first', state: 'closed', calls: 18, failures: 0 },
      { name: 'second', state: 'closed', calls: 0, failures: 0 },
    ]);
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
      for await (const _event of models.text(
        { messages: [] },
        { tenantId: 'acme', meter: new RecordingMeter(), signal: new AbortController().signal },
      ))
        break;
    }
    expect(models.status()[0]).toEqual({ name: 'first', state: 'closed', calls: 9, failures: 0 });
  });

  it('learns from a reader who leaves with the last word that it was said', async () => {
    const scene = setUp();
    await breakFirst(scene);
    scene.clock.at = 10_000;
    scene.first.error = undefined;
    const call = { tenantId: 'acme', meter: new RecordingMeter(), signal: new AbortController().signal };
    for await (const { type } of scene.models.text({ messages: [] }, call)) if (type === 'done') break;
    expect(scene.models.status()[0]?.state).toBe('closed');
  });

  it('calls an abort a cancellation, whatever the provider threw, and hands over to nobody', async () => {
    const { first, models } = setUp();
    const controller = new AbortController();
    first.error = new Error('aborted in its own way');
    const events = models
      .text({ messages: [] }, { tenantId: 'acme', meter: new RecordingMeter(), signal: controller.signal })
      [Symbol.asyncIterator]();
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('shows every route and every model, first choice first', () => {
    expect(
      setUp()
        .models.cards()
        .map(({ id }) => id),
    ).toEqual(['house', 'first-text', 'first-embed', 'second-text', 'second-embed']);
  });
});

describe('a route', () => {
  it('is asked by the name that each provider has for the model', async () => {
    const { first, second, answeredBy } = setUp();
    expect(await answeredBy({ model: 'house' })).toBe('first');
    first.words = [];
    first.error = BUSY;
    expect(await answeredBy({ model: 'house' })).toBe('second');
    expect([first.asked, second.asked]).toEqual([['first-large', 'first-large'], ['second-small']]);
  });

  it('has the price of the first whose price is known', () => {
    const { models } = setUp();
    expect(models.price('text', 'house')).toEqual({ input: 2, output: 3 });
    expect(models.price('text', 'first-text')).toBe(undefined);
    expect(models.price('text', 'nobody')).toBe(undefined);
  });

  it('leaves out a provider without a price when its price must be known', async () => {
    const { first, meter, answeredBy } = setUp();
    meter.needsPrice = true;
    expect(await answeredBy({ model: 'house' })).toBe('second');
    expect(first.asked).toEqual([]);
  });

  it('tells the meter the price of each attempt before it is sent', async () => {
    const { first, meter, ask } = setUp();
    first.words = [];
    first.error = BUSY;
    await ask({ model: 'house' });
    expect(meter.told).toEqual(['begin false', 'again', 'begin false at 2+3', 'grow 1+1', 'end 1+1 m']);
  });
});

describe('a metered call', () => {
  const signal = new AbortController().signal;

  it('is begun before it is sent, grows before its words are passed on, and ends with what the provider counted', async () => {
    const { ask, meter, first } = setUp();
    first.words = ['a', 'b'];
    await ask({ messages: [{ role: 'user', content: 'Tea?' }] });
    expect(meter.told).toEqual(['begin true', 'grow 1+1', 'grow 1+1', 'end 1+1 m']);
  });

  it('grows all the same when its end alone is read, and breaks off where its meter says so', async () => {
    const { models, meter, first } = setUp();
    first.words = ['a', 'b'];
    const call = { tenantId: 'acme', meter, signal, reads: 'end' } as const;
    const events = await Array.fromAsync(models.text({ messages: [] }, call));
    expect(events).toMatchObject([{ type: 'done', text: 'ab' }]);
    expect(meter.told).toEqual(['begin false', 'grow 1+1', 'grow 1+1', 'end 1+1 m']);
    meter.refusal = { error: new AppError('QUOTA_EXHAUSTED'), at: 1 };
    await expect(Array.fromAsync(models.text({ messages: [] }, call))).rejects.toBe(meter.refusal.error);
    expect(models.status()).toMatchObject([{ calls: 2, failures: 0 }, { calls: 0 }]);
  });

  it('whose end alone is read is not begun anew once it was heard', async () => {
    const { models, meter, first, second } = setUp();
    first.error = BUSY;
    const call = { tenantId: 'acme', meter, signal, reads: 'end' } as const;
    await expect(Array.fromAsync(models.text({ messages: [] }, call))).rejects.toBe(BUSY);
    expect(second.asked).toEqual([]);
  });

  it('is not sent when its meter refuses it', async () => {
    const { ask, meter, models } = setUp();
    const error = new AppError('QUOTA_EXHAUSTED');
    meter.refusal = { error, at: 'begin' };
    await expect(ask()).rejects.toBe(error);
    expect(meter.told.at(-1)).toBe('failed');
    expect(models.status().map(({ calls }) => calls)).toEqual([0, 0]);
  });

  it('ends where its meter says so, without the words that were refused, and hands over to nobody', async () => {
    const { models, meter, lines } = setUp();
    const error = new AppError('QUOTA_EXHAUSTED');
    meter.refusal = { error, at: 1 };
    const events = models.text({ messages: [] }, { tenantId: 'acme', meter, signal })[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toBe(error);
    expect(meter.told.slice(1)).toEqual(['grow 1+1', 'failed']);
    expect(models.status()).toMatchObject([{ calls: 1, failures: 0 }, { calls: 0 }]);
    expect(lines).toEqual([]);
  });

  it('is one call, whichever provider answers', async () => {
    const { first, ask, meter } = setUp();
    first.words = [];
    first.error = BUSY;
    await ask();
    expect(meter.told).toEqual(['begin false', 'again', 'begin false', 'grow 1+1', 'end 1+1 m']);
  });

  it('counts the words of a provider that nobody was shown', async () => {
    const { first, models, meter } = setUp();
    first.unshown = { inputTokens: 3, outputTokens: 4 };
    first.error = BUSY;
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.object({}) };
    await Array.fromAsync(models.structured(request, { tenantId: 'acme', meter, signal }));
    expect(meter.told).toEqual(['begin false', 'grow 3+4', 'again', 'begin false', 'end 1+1 m']);
  });

  it('that a reader leaves costs what was sent', async () => {
    const { models, meter } = setUp();
    for await (const _event of models.text({ messages: [] }, { tenantId: 'acme', meter, signal })) break;
    expect(meter.told.at(-1)).toBe('cancelled');
  });

  it('that is cancelled costs what was sent', async () => {
    const { models, meter, first } = setUp();
    const controller = new AbortController();
    first.error = new Error('aborted in its own way');
    const events = models
      .text({ messages: [] }, { tenantId: 'acme', meter, signal: controller.signal })
      [Symbol.asyncIterator]();
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(meter.told.at(-1)).toBe('cancelled');
  });
});
