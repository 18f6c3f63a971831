import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '#src/kernel/index.js';
import { BUSY, twoProviders } from '../../test/support/two-providers.ts';

describe('a metered call', () => {
  const signal = new AbortController().signal;

  it('is begun before it is sent, grows before its words are passed on, and ends with what the provider counted', async () => {
    const { ask, meter, first } = twoProviders();
    first.words = ['a', 'b'];
    await ask({ messages: [{ role: 'user', content: 'Tea?' }] });
    expect(meter.told).toEqual(['begin true', 'grow 1+1', 'grow 1+1', 'end 1+1 m']);
  });

  it('grows all the same when its end alone is read, and breaks off where its meter says so', async () => {
    const { models, meter, first } = twoProviders();
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
    const { models, meter, first, second } = twoProviders();
    first.error = BUSY;
    const call = { tenantId: 'acme', meter, signal, reads: 'end' } as const;
    await expect(Array.fromAsync(models.text({ messages: [] }, call))).rejects.toBe(BUSY);
    expect(second.asked).toEqual([]);
  });

  it('is not sent when its meter refuses it', async () => {
    const { ask, meter, models } = twoProviders();
    const error = new AppError('QUOTA_EXHAUSTED');
    meter.refusal = { error, at: 'begin' };
    await expect(ask()).rejects.toBe(error);
    expect(meter.told.at(-1)).toBe('failed');
    expect(models.status().map(({ calls }) => calls)).toEqual([0, 0]);
  });

  it('ends where its meter says so, without the words that were refused, and hands over to nobody', async () => {
    const { models, meter, lines } = twoProviders();
    const error = new AppError('QUOTA_EXHAUSTED');
    meter.refusal = { error, at: 1 };
    const events = models.text({ messages: [] }, { tenantId: 'acme', meter, signal })[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toBe(error);
    expect(meter.told.slice(1)).toEqual(['grow 1+1', 'failed']);
    expect(models.status()).toMatchObject([{ calls: 1, failures: 0 }, { calls: 0 }]);
    expect(lines).toEqual([]);
  });

  it('is one call, whichever provider answers', async () => {
    const { first, ask, meter } = twoProviders();
    first.words = [];
    first.error = BUSY;
    await ask();
    expect(meter.told).toEqual(['begin false', 'again', 'begin false', 'grow 1+1', 'end 1+1 m']);
  });

  it('counts the words of a provider that nobody was shown', async () => {
    const { first, models, meter } = twoProviders();
    first.unshown = { inputTokens: 3, outputTokens: 4 };
    first.error = BUSY;
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.object({}) };
    await Array.fromAsync(models.structured(request, { tenantId: 'acme', meter, signal }));
    expect(meter.told).toEqual(['begin false', 'grow 3+4', 'again', 'begin false', 'end 1+1 m']);
  });

  it('that a reader leaves costs what was sent', async () => {
    const { models, meter } = twoProviders();
    for await (const _event of models.text({ messages: [] }, { tenantId: 'acme', meter, signal })) break;
    expect(meter.told.at(-1)).toBe('cancelled');
  });

  it('that is cancelled costs what was sent', async () => {
    const { models, meter, first } = twoProviders();
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
