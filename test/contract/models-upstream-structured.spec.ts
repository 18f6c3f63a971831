import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DRAFT_GRAPH, DraftProposal, ProposedNode } from '#src/models/draft-graph.schema.js';
import type { StructuredEvent, StructuredRequest } from '#src/models/provider.port.js';
import type { Script } from '../support/scripted-upstream.ts';
import { answering, drafting, refusing, sampleDraft } from '../support/scripted-upstream-scripts.ts';
import { shownOf } from './models.contract.ts';
import { doneOf, failure, KEY } from './models-support.ts';
import { calm, UpstreamScene } from './upstream-scene.ts';

const draft: StructuredRequest = { task: DRAFT_GRAPH, input: {}, system: 's', prompt: 'p', schema: DraftProposal };
let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

const drawUp = async (scripts: readonly Script[], request = draft): Promise<StructuredEvent[]> =>
  scene.soon(Array.fromAsync((await scene.openAi(scripts)).structured(request, calm()))).then(shownOf);

describe('a structured answer', () => {
  const Small = z.object({ tea: z.string(), sugar: z.number().optional() });
  const small: StructuredRequest = { ...draft, task: 'choose tea', schema: Small };

  it('is asked for by a strict schema, with the key, and counted', async () => {
    await drawUp([drafting(sampleDraft(2), {})]);
    const { headers, body, path } = await scene.upstream.received(1);
    expect(path).toBe('/v1/chat/completions');
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(body).toMatchObject({
      model: 'text-1',
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'draft_graph', strict: true } },
    });
  });

  it('grows by whole nodes, without the nulls of strict mode', async () => {
    const events = await drawUp([drafting(sampleDraft(4), { charactersPerChunk: 10 })]);
    const shown = events.map(({ value }) => z.array(ProposedNode).parse(Object(value).nodes));
    const counts = shown.map(({ length }) => length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.filter((count) => count < 4).length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain('null');
    expect(doneOf(events)).toMatchObject({ type: 'done', repairs: 0, finish: 'stop' });
  });

  it('is understood inside a fence', async () => {
    const events = await drawUp([answering('```json\n{"tea":"green","sugar":null}\n```', {})], small);
    expect(doneOf(events)).toMatchObject({ value: { tea: 'green' }, repairs: 0 });
  });

  it.each([
    ['is not JSON', '{"tea":"green"', 'not valid JSON'],
    ['does not fit', '{"tea":5}', 'tea: '],
  ])('that %s is repaired once, both rounds counted', async (_why, wrong, fault) => {
    const events = await drawUp([answering(wrong, {}), answering('{"tea":"green","sugar":1}', {})], small);
    expect(doneOf(events)).toMatchObject({
      value: { tea: 'green', sugar: 1 },
      repairs: 1,
      usage: { inputTokens: 22, outputTokens: 14 },
    });
    const { messages } = Object((await scene.upstream.received(2)).body);
    expect(messages.slice(2)).toEqual([
      { role: 'assistant', content: wrong },
      { role: 'user', content: expect.stringContaining(fault) },
    ]);
  });

  it('that stays wrong after its repair is a failure', async () => {
    const error = await failure(drawUp([answering('{"tea":5}', {})], small));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'unfit' });
    expect(scene.upstream.requests).toHaveLength(2);
  });

  it('that was cut off is a failure which says so', async () => {
    const error = await failure(drawUp([answering('{"tea":"gr', { finish: 'length' })], small));
    expect(error).toMatchObject({
      code: 'UPSTREAM_FAILED',
      message: 'The model reached its token limit in mid-answer',
    });
    expect(scene.upstream.requests).toHaveLength(1);
  });

  it('that is declined is a failure of its own, and not asked for again', async () => {
    for (const script of [refusing('No.', {}), answering('', { finish: 'content_filter' })]) {
      expect(await failure(drawUp([script], small))).toMatchObject({ code: 'UPSTREAM_FAILED', fault: 'declined' });
      expect(scene.upstream.requests).toHaveLength(1);
    }
  });

  it('of ten megabytes is read in time that grows with its length', async () => {
    const long = JSON.stringify({ tea: 'x'.repeat(10_000_000), sugar: null });
    const events = await drawUp([answering(long, { charactersPerChunk: 50_000 })], small);
    expect(Object(doneOf(events)).value.tea).toHaveLength(10_000_000);
  });
});
