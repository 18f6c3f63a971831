import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DRAFT_GRAPH, DraftProposal } from '../../draft-graph.schema.js';
import type { StructuredRequest, TextRequest } from '../../provider.port.js';
import { EmbeddedProvider } from './embedded-provider.js';

const provider = new EmbeddedProvider();
const calm = new AbortController().signal;
const brief =
  'Our goal is to waste less food. Should we cook fewer dishes or smaller portions? Guests might stay away.';

const request = (change: Partial<StructuredRequest>): StructuredRequest => ({
  task: DRAFT_GRAPH,
  input: { brief, documents: [], constraints: [], limits: { maxNodes: 50, maxEdges: 200 } },
  system: '',
  prompt: '',
  schema: DraftProposal,
  ...change,
});
const question: TextRequest = {
  messages: [
    { role: 'system', content: 'The mill stands in Kent. The mill was built in 1820. The mill has four sails.' },
    { role: 'user', content: 'Tell me about the mill.' },
  ],
};

describe('EmbeddedProvider', () => {
  it('offers one text and one embedding model', () => {
    expect(provider.models.map(({ id, kind }) => [id, kind])).toEqual([
      ['countersign-embedded-1', 'text'],
      ['countersign-embed-1', 'embedding'],
    ]);
  });

  it('reads as much as its context holds, and says so of more', async () => {
    const long = (tokens: number) => 'The mill stands in Kent. '.repeat(Math.ceil((4 * tokens) / 25));
    const asking = (content: string) =>
      Array.fromAsync(provider.text({ messages: [{ role: 'user', content }, ...question.messages] }, calm));
    expect((await asking(long(130_000))).at(-1)).toMatchObject({ type: 'done' });
    const tooLong = { code: 'BAD_INPUT', extensions: { openai: { code: 'context_length_exceeded' } } };
    await expect(asking(long(131_100))).rejects.toMatchObject(tooLong);
    await expect(provider.embed({ texts: ['tea', long(131_100)] }, calm)).rejects.toMatchObject(tooLong);
  });

  it('lets others work while it reads one long paragraph', async () => {
    const paragraph = 'The mill stands in Kent. '.repeat(20_000);
    let turns = 0;
    const count = setInterval(() => {
      turns += 1;
    }, 0);
    await Array.fromAsync(provider.text({ messages: [{ role: 'user', content: paragraph }] }, calm));
    clearInterval(count);
    expect(turns).toBeGreaterThan(20);
  });

  it('ends a draft with the whole proposal and an estimate of one token per four bytes', async () => {
    const events = await Array.fromAsync(provider.structured(request({}), calm));
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'done', finish: 'stop', repairs: 0, model: 'countersign-embedded-1' });
    expect(last).toHaveProperty('usage', {
      inputTokens: Math.ceil(brief.length / 4),
      outputTokens: Math.ceil(Buffer.byteLength(JSON.stringify(last?.type === 'done' && last.value)) / 4),
    });
  });

  it.each([
    ['another task', { task: 'write_poem' }, /draft_graph, clarify_brief/],
    ['no input', { input: undefined }, /input/],
    [
      'a brief that is no text',
      { input: { brief: 5, documents: [], constraints: [], limits: { maxNodes: 1, maxEdges: 1 } } },
      /brief/,
    ],
  ])('refuses %s', async (_what, change, detail) => {
    const answer = Array.fromAsync(provider.structured(request(change), calm));
    await expect(answer).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(detail) });
  });

  it('gives no answer in a shape it was not asked for', async () => {
    const answer = Array.fromAsync(
      provider.structured(request({ schema: z.strictObject({ verdict: z.string() }) }), calm),
    );
    await expect(answer).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('the caller has gone');
    const events = provider.structured(request({}), controller.signal);
    const seen: string[] = [];
    await expect(
      (async () => {
        for await (const { type } of events) {
          seen.push(type);
          controller.abort(reason);
        }
      })(),
    ).rejects.toBe(reason);
    expect(seen).toEqual(['partial']);
  });

  it('speaks sentence by sentence', async () => {
    const events = await Array.fromAsync(provider.text(question, calm));
    expect(events.flatMap((event) => (event.type === 'delta' ? [event.text] : []))).toEqual([
      'The mill stands in Kent.',
      ' The mill was built in 1820.',
      ' The mill has four sails.',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
  });

  it.each([
    [8, 'The mill stands in Kent. The'],
    [2, 'The mill'],
    [0, ''],
  ])('says no more than %j tokens, and that it was cut', async (maxOutputTokens, text) => {
    const events = await Array.fromAsync(provider.text({ ...question, maxOutputTokens }, calm));
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      finish: 'length',
      text,
      usage: { outputTokens: Math.ceil(text.length / 4) },
    });
    expect(events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('')).toBe(text);
  });

  it('embeds in 256 dimensions unless asked otherwise', async () => {
    const { vectors, usage } = await provider.embed({ texts: ['tea', 'coffee'] }, calm);
    expect([vectors.length, vectors[0]?.length, usage.inputTokens]).toEqual([2, 256, 3]);
    expect((await provider.embed({ texts: ['tea'], dimensions: 8 }, calm)).vectors[0]?.length).toBe(8);
  });

  it.each([7, 2_049, 8.5, Number.NaN])('refuses %j dimensions', async (dimensions) => {
    await expect(provider.embed({ texts: ['tea'], dimensions }, calm)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
