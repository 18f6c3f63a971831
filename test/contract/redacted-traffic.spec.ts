import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { createRedactor, createStreamRedactor, type RedactionMode, redactionModes } from '#libs/redaction/index.js';
import type { TextEvent, TextRequest } from '#src/models/provider.port.js';
import type { RedactionPolicy } from '#src/models/redaction/redaction-policy.schema.js';
import { LINES, labelled } from '../../libs/redaction/testing/corpus.ts';
import { modelWorld } from '../support/model-world.ts';
import { CANARY, redactedWorld } from '../support/redacted-world.ts';
import { textOf, USAGE } from '../support/scripted-model.ts';

const HELLO: TextRequest = { messages: [{ role: 'user', content: 'Hello' }] };

function doneOf(events: readonly TextEvent[]): Extract<TextEvent, { type: 'done' }> {
  const last = events.at(-1);
  if (last?.type !== 'done') throw new Error('The answer has no end');
  return last;
}

describe.each(redactionModes)('words of a model in %s mode', (mode: RedactionMode) => {
  const { model, models, callOf } = redactedWorld({ mode });
  const redactor = createRedactor({ mode });
  const texts = LINES.map((line) => labelled(line, mode).text);
  const told = async (words: readonly string[]) => {
    model.words = words;
    const events = await Array.fromAsync(models.text(HELLO, callOf()));
    return { deltas: textOf(events), whole: doneOf(events).text };
  };

  it.each(texts)('are the redacted whole wherever they are cut in two: %j', async (text) => {
    const whole = redactor.redact(text).text;
    const wrong: number[] = [];
    for (let at = 0; at <= text.length; at += 1) {
      const answer = await told([text.slice(0, at), text.slice(at)]);
      if (answer.deltas !== whole || answer.whole !== whole) wrong.push(at);
    }
    expect(wrong).toEqual([]);
  });

  it.each(texts)('are the redacted whole to whoever reads the end alone: %j', async (text) => {
    model.words = [...text];
    const events = await Array.fromAsync(models.text(HELLO, { ...callOf(), reads: 'end' }));
    expect(events.map(({ type }) => type)).toEqual(['done']);
    expect(doneOf(events).text).toBe(redactor.redact(text).text);
  });

  it('are redacted where the model says them instead of an answer', async () => {
    model.words = [];
    model.refusal = `I would not write to ${CANARY} at all`;
    const events = await Array.fromAsync(models.text(HELLO, callOf()));
    const refusal = redactor.redact(model.refusal).text;
    model.refusal = undefined;
    expect(refusal).not.toContain(CANARY);
    expect(events).toMatchObject([
      { type: 'refusal_delta', text: refusal },
      { type: 'done', text: '', refusal },
    ]);
  });

  it('are the redacted whole however they are cut', async () => {
    const line = fc.constantFrom(...texts);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(line, line, sizes, async (first, second, cuts) => {
        const text = `${first}\n${second}`;
        const whole = redactor.redact(text).text;
        expect(await told(pieces(text, cuts))).toEqual({ deltas: whole, whole });
      }),
      { numRuns: 150 },
    );
  });
});

function pieces(text: string, sizes: readonly number[]): string[] {
  const found: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    found.push(text.slice(at, at + size));
    at += size;
  }
  return found;
}

describe('what a caller gets', () => {
  it('has calls of tools with their arguments still JSON', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    model.words = ['I mail ', CANARY];
    const json = JSON.stringify({ to: CANARY, card: 4_111_111_111_111_111, text: `"${CANARY}"` });
    model.toolCalls = [
      { id: 'c1', name: 'mail', arguments: json },
      { id: 'c2', name: 'log', arguments: `{"broken": "${CANARY}` },
    ];
    const events = await Array.fromAsync(models.text(HELLO, callOf()));
    expect(JSON.stringify(events)).not.toContain('canary');
    const { toolCalls, text } = doneOf(events);
    expect(text).toBe('I mail [redacted:email]');
    expect(JSON.parse(toolCalls[0]?.arguments ?? '')).toEqual({
      to: '[redacted:email]',
      card: '[redacted:credit_card]',
      text: '"[redacted:email]"',
    });
    expect(toolCalls[1]?.arguments).toBe('{"broken": "[redacted:email]');
    const told = events.flatMap((event) => (event.type === 'tool_delta' ? [event] : []));
    expect(told.map(({ id, name, arguments: said }) => ({ id, name, arguments: said }))).toEqual(toolCalls);
    expect(events.findIndex(({ type }) => type === 'tool_delta')).toBeGreaterThan(
      events.findLastIndex(({ type }) => type === 'delta'),
    );
  });

  it('has a text that is to be JSON redacted as JSON', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    model.words = ['{"card": 41111111', '11111111, "mail": "canary', '.lovelace@example.com"}'];
    const events = await Array.fromAsync(models.text({ ...HELLO, format: { type: 'json' } }, callOf()));
    expect(textOf(events)).toBe(doneOf(events).text);
    expect(JSON.parse(textOf(events))).toEqual({ card: '[redacted:credit_card]', mail: '[redacted:email]' });
  });

  it('has partial and whole structured answers redacted', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    model.values = [{ nodes: [{ label: CANARY }] }, { nodes: [{ label: CANARY }, { [CANARY]: 1 }] }];
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.unknown() };
    const events = await Array.fromAsync(models.structured(request, callOf()));
    expect(events.map(({ type }) => type)).toEqual(['partial', 'done']);
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  it('is the words as they were said when only what the model sees is redacted', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'outbound' });
    model.words = [CANARY];
    expect(textOf(await Array.fromAsync(models.text(HELLO, callOf())))).toBe(CANARY);
  });

  it('is told with what it has cost so far, and charged as the model counted, although words are held back', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    model.words = ['canary', '.love', 'lace@', 'example.com'];
    const call = callOf();
    const events = await Array.fromAsync(models.text(HELLO, call));
    expect(events).toEqual([
      { type: 'delta', text: '[redacted:email]', used: USAGE },
      expect.objectContaining({ type: 'done', text: '[redacted:email]', usage: USAGE }),
    ]);
    expect(call.meter.told).toEqual([
      'begin true',
      'grow 3+5',
      'grow 3+5',
      'grow 3+5',
      'grow 3+5',
      'end 3+5 scripted-1',
    ]);
  });

  it('comes in slices, whatever length a delta has', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'inbound' });
    const text = `${'é🎉 '.repeat(50_000)}${CANARY}`;
    model.words = [text];
    const events = await Array.fromAsync(models.text(HELLO, callOf()));
    expect(textOf(events)).toBe(text.replace(CANARY, '[redacted:email]'));
    expect(events.length).toBeGreaterThan(3);
  });
});

describe('a policy', () => {
  it('is of one tenant: what another sends and gets stays as it is', async () => {
    const { model, models, callOf } = redactedWorld({ direction: 'both' });
    model.words = [CANARY];
    const asked: TextRequest = { messages: [{ role: 'user', content: CANARY }] };
    expect(textOf(await Array.fromAsync(models.text(asked, callOf('globex'))))).toBe(CANARY);
    expect(model.seen).toEqual([asked]);
    expect(textOf(await Array.fromAsync(models.text(asked, callOf('acme'))))).toBe('[redacted:email]');
    expect(JSON.stringify(model.seen[1])).not.toContain('canary');
  });
});

describe('a detector that fails', () => {
  const failing = (): never => {
    throw new Error(`cannot read ${CANARY}`);
  };
  const whole = createRedactor({ mode: 'standard' });
  const stream = () => createStreamRedactor({ mode: 'standard' });
  const inLife = (direction: RedactionPolicy['direction'], detectors: Parameters<typeof modelWorld>[0]['detectors']) =>
    modelWorld({
      ...(detectors === undefined ? {} : { detectors }),
      redaction: { default: { direction, mode: 'standard' }, tenants: {} },
    });
  const broken = { redact: failing, redactValue: failing, redactInSteps: failing };

  it('ends the call before anything is sent', async () => {
    const { model, models, callOf } = inLife('outbound', () => ({ whole: broken, stream }));
    await expect(Array.fromAsync(models.text(HELLO, callOf()))).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(models.embed({ texts: [CANARY] }, callOf())).rejects.toMatchObject({ code: 'INTERNAL' });
    const tool = { role: 'tool', callId: '', content: `{"to":"${CANARY}"}` } as const;
    await expect(Array.fromAsync(models.text({ messages: [tool] }, callOf()))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect(model.seen).toEqual([]);
  });

  it.each([
    ['at once', () => ({ push: failing, end: failing, counts: {} })],
    ['at the end', () => ({ push: () => '', end: failing, counts: {} })],
    ['before it begins', failing],
  ])('%s ends the call without a word of the answer', async (_when, stream_) => {
    const { model, models, callOf } = inLife('inbound', () => ({ whole, stream: stream_ }));
    model.words = [CANARY];
    const events: TextEvent[] = [];
    const reading = (async () => {
      for await (const event of models.text(HELLO, callOf())) events.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(events).toEqual([]);
  });

  it('says where it failed, and no word of the text', async () => {
    const { models, callOf } = inLife('outbound', () => ({ whole: broken, stream }));
    const error: unknown = await Array.fromAsync(models.text(HELLO, callOf())).catch((thrown: unknown) => thrown);
    const cause = error instanceof Error ? error.cause : undefined;
    expect(cause).toMatchObject({ message: 'A detector failed', stack: expect.stringContaining('    at ') });
    expect(String(error) + String(Object(cause).stack)).not.toContain('canary');
  });
});
