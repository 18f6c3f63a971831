import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '#src/kernel/index.js';
import { RecordingMeter } from '../../test/support/recording-meter.ts';
import { BUSY, breakFirst, REJECTED, twoProviders } from '../../test/support/two-providers.ts';
import { UpstreamError } from './upstream-error.js';

describe('Models', () => {
  it('asks the first choice', async () => {
    expect(await twoProviders().answeredBy()).toBe('first');
  });

  it('asks the one that serves the model which was named', async () => {
    expect(await twoProviders().answeredBy({ model: 'second-text' })).toBe('second');
  });

  it.each(['third-text', 'first-embed', ''])('knows no text model called %j, and says which there are', (model) => {
    const { models } = twoProviders();
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
      const { models, answeredBy } = twoProviders();
      models.assertServed('text', model);
      await answeredBy(model === undefined ? {} : { model });
      models.assertServed('text', model);
    },
  );

  it('hands over when the first choice fails before a word', async () => {
    const { first, answeredBy, lines } = twoProviders();
    first.words = [];
    first.error = BUSY;
    expect(await answeredBy()).toBe('second');
    expect(lines).toEqual([{ event: 'model.call_failed', provider: 'first', fault: 'busy', status: 503 }]);
  });

  it('hands over for structured answers and embeddings too', async () => {
    const { first, models, meter } = twoProviders();
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
    const { first, ask } = twoProviders();
    first.error = BUSY;
    await expect(ask()).rejects.toBe(BUSY);
  });

  it('does not hand over to a provider that lacks the named model', async () => {
    const { first, ask } = twoProviders();
    first.words = [];
    first.error = BUSY;
    await expect(ask({ model: 'first-text' })).rejects.toBe(BUSY);
  });

  it.each([new AppError('BAD_INPUT'), new TypeError('a fault of ours')])('does not hand over for %s', async (error) => {
    const { first, ask } = twoProviders();
    first.words = [];
    first.error = error;
    await expect(ask()).rejects.toBe(error);
  });

  it('ends in the last failure when nobody can answer', async () => {
    const { first, second, ask } = twoProviders();
    for (const each of [first, second]) each.words = [];
    first.error = BUSY;
    second.error = REJECTED;
    await expect(ask()).rejects.toBe(REJECTED);
  });

  it('stops asking a provider that keeps failing, and says so until it is back', async () => {
    const scene = twoProviders();
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
    const scene = twoProviders();
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
    const { first, ask, models } = twoProviders();
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
    const scene = twoProviders();
    scene.second.words = [];
    scene.second.error = BUSY;
    await breakFirst({ ...scene, answeredBy: (request) => scene.answeredBy(request).catch(() => undefined) });
    scene.clock.at = 4_000;
    await expect(scene.ask()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED', retryAfterMs: 6_000 });
  });

  it('asks nobody for a caller who has left', async () => {
    const { ask, models } = twoProviders();
    await expect(ask({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(models.status().map(({ calls }) => calls)).toEqual([0, 0]);
  });

  it('learns nothing from a caller who left in mid-answer', async () => {
    const { first, models } = twoProviders();
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
    const scene = twoProviders();
    await breakFirst(scene);
    scene.clock.at = 10_000;
    scene.first.error = undefined;
    const call = { tenantId: 'acme', meter: new RecordingMeter(), signal: new AbortController().signal };
    for await (const { type } of scene.models.text({ messages: [] }, call)) if (type === 'done') break;
    expect(scene.models.status()[0]?.state).toBe('closed');
  });

  it('calls an abort a cancellation, whatever the provider threw, and hands over to nobody', async () => {
    const { first, models } = twoProviders();
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
      twoProviders()
        .models.cards()
        .map(({ id }) => id),
    ).toEqual(['house', 'first-text', 'first-embed', 'second-text', 'second-embed']);
  });
});

describe('a route', () => {
  it('is asked by the name that each provider has for the model', async () => {
    const { first, second, answeredBy } = twoProviders();
    expect(await answeredBy({ model: 'house' })).toBe('first');
    first.words = [];
    first.error = BUSY;
    expect(await answeredBy({ model: 'house' })).toBe('second');
    expect([first.asked, second.asked]).toEqual([['first-large', 'first-large'], ['second-small']]);
  });

  it('has the price of the first whose price is known', () => {
    const { models } = twoProviders();
    expect(models.price('text', 'house')).toEqual({ input: 2, output: 3 });
    expect(models.price('text', 'first-text')).toBe(undefined);
    expect(models.price('text', 'nobody')).toBe(undefined);
  });

  it('leaves out a provider without a price when its price must be known', async () => {
    const { first, meter, answeredBy } = twoProviders();
    meter.needsPrice = true;
    expect(await answeredBy({ model: 'house' })).toBe('second');
    expect(first.asked).toEqual([]);
  });

  it('tells the meter the price of each attempt before it is sent', async () => {
    const { first, meter, ask } = twoProviders();
    first.words = [];
    first.error = BUSY;
    await ask({ model: 'house' });
    expect(meter.told).toEqual(['begin false', 'again', 'begin false at 2+3', 'grow 1+1', 'end 1+1 m']);
  });
});
