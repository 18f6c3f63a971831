import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { enterContext, type RequestContext } from '#src/kernel/index.js';
import { ALL, ask, QUESTION, type World } from '../../../test/support/cached-asking.ts';
import { modelWorld } from '../../../test/support/model-world.ts';
import { textOf, USAGE } from '../../../test/support/scripted-model.ts';
import type { TextRequest } from '../provider.port.js';

/** What runs inside is part of a request that says this of answers given before. */
async function saying<T>(reuse: RequestContext['reuse'], work: () => Promise<T>): Promise<T> {
  await Promise.resolve();
  enterContext({ requestId: 'r', traceId: 't', reuse, fields: {} });
  return work();
}

describe('an answer that was given before', () => {
  it('is given again without asking, and is charged to nobody', async () => {
    const world = modelWorld(ALL);
    world.model.words = ['Tea', ' it ', 'is'];
    await ask(world);
    const call = world.callOf();
    const again = await ask(world, QUESTION, call);
    expect(textOf(again)).toBe('Tea it is');
    expect(again.at(-1)).toMatchObject({ type: 'done', text: 'Tea it is', usage: USAGE, cached: true });
    expect(call.meter.told).toEqual(['end 0+0 scripted-1']);
    expect(world.model.seen).toHaveLength(1);
    expect(world.counts.outcomes).toMatchObject({ miss: 1, hit: 1 });
  });

  it('tells its calls of tools again, and long texts in whole characters', async () => {
    const world = modelWorld(ALL);
    world.model.words = ['x🎉'.repeat(5_000)];
    world.model.toolCalls = [{ id: 'c1', name: 'f', arguments: '{"a":1}' }];
    await ask(world);
    const again = await ask(world);
    expect(textOf(again)).toBe('x🎉'.repeat(5_000));
    expect(again.every((event) => event.type !== 'delta' || event.text.isWellFormed())).toBe(true);
    expect(again.at(-2)).toMatchObject({ type: 'tool_delta', index: 0, id: 'c1', name: 'f', arguments: '{"a":1}' });
    expect(again.length).toBeGreaterThan(3);
  });

  it('tells a refusal again, and asks anew where a filter ended it', async () => {
    const world = modelWorld(ALL);
    world.model.words = [];
    world.model.refusal = 'I would rather not';
    await ask(world);
    const again = await ask(world);
    expect(again).toMatchObject([
      { type: 'refusal_delta', text: 'I would rather not' },
      { type: 'done', refusal: 'I would rather not', cached: true },
    ]);
    world.model.finish = 'filtered';
    const other = { ...QUESTION, seed: 7 };
    await ask(world, other);
    await ask(world, other);
    expect(world.model.seen).toHaveLength(3);
  });

  it('does not change when somebody changes what he was given', async () => {
    const world = modelWorld(ALL);
    world.model.values = [{ nodes: [{ label: 'one' }] }];
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.unknown() };
    const draft = async () => {
      const [last] = (await Array.fromAsync(world.models.structured(request, world.callOf()))).slice(-1);
      return Object(last).value as { nodes: { label: string }[] };
    };
    for (let turn = 0; turn < 3; turn += 1) {
      const value = await draft();
      expect(value).toEqual({ nodes: [{ label: 'one' }] });
      value.nodes.push({ label: 'mine' });
      if (value.nodes[0] !== undefined) value.nodes[0].label = 'changed';
    }
    const vectors = await world.models.embed({ texts: ['a'] }, world.callOf());
    (vectors.vectors as number[][])[0]?.fill(9);
    expect((await world.models.embed({ texts: ['a'] }, world.callOf())).vectors).toEqual([[1, 0.5]]);
  });

  it('is nobody else’s: another tenant asks a model', async () => {
    const world = modelWorld(ALL);
    await ask(world, QUESTION, world.callOf('acme'));
    await ask(world, QUESTION, world.callOf('globex'));
    expect(world.model.seen).toHaveLength(2);
  });

  it.each<[string, Partial<TextRequest>]>([
    ['another message', { messages: [{ role: 'user', content: 'Tea or cocoa?' }] }],
    ['another role', { messages: [{ role: 'system', content: 'Tea or coffee?' }] }],
    ['another temperature', { temperature: 0.1 }],
    ['a seed', { seed: 1 }],
    ['a model named', { model: 'scripted-1' }],
    ['a tool', { tools: [{ name: 'f', parameters: {} }] }],
    ['a limit', { maxOutputTokens: 3 }],
  ])('is not given to a question with %s', async (_what, change) => {
    const world = modelWorld(ALL);
    await ask(world);
    await ask(world, { ...QUESTION, ...change });
    expect(world.model.seen).toHaveLength(2);
  });

  it('is given whatever the order of the members of a request', async () => {
    const world = modelWorld(ALL);
    await ask(world, { temperature: 0, seed: 1, messages: [] });
    await ask(world, { messages: [], seed: 1, temperature: 0 });
    expect(world.model.seen).toHaveLength(1);
  });

  it('is forgotten when its time is over', async () => {
    const world = modelWorld({ cache: { calls: 'all', ttlMs: 1_000 } });
    await ask(world);
    await world.clock.advance(999);
    await ask(world);
    expect(world.model.seen).toHaveLength(1);
    await world.clock.advance(1);
    await ask(world);
    expect(world.model.seen).toHaveLength(2);
  });

  it('makes room for others, least recently used first, and that is counted', async () => {
    const world = modelWorld({ cache: { calls: 'all', memoryBytes: 4_000 } });
    const numbered = (seed: number) => ask(world, { ...QUESTION, seed });
    for (let seed = 0; seed < 20; seed += 1) {
      await numbered(seed);
      await numbered(0);
    }
    expect(world.counts.evictions).toBeGreaterThan(5);
    expect(world.promptCache.size.bytes).toBeLessThanOrEqual(4_000);
    expect(world.model.seen).toHaveLength(20);
    await numbered(1);
    expect(world.model.seen).toHaveLength(21);
  });

  it('is not kept when it is larger than allowed, or was cut', async () => {
    const world = modelWorld({ cache: { calls: 'all', entryBytes: 1_000 } });
    world.model.words = ['x'.repeat(1_000)];
    await ask(world);
    await ask(world);
    expect(world.model.seen).toHaveLength(2);
    Object.assign(world.model, { words: ['cut'], finish: 'length' });
    await ask(world, { ...QUESTION, seed: 2 });
    await ask(world, { ...QUESTION, seed: 2 });
    expect(world.model.seen).toHaveLength(4);
  });
});

describe('what is answered from memory', () => {
  const asked = async (world: World): Promise<number> => {
    const request = { task: 't', input: {}, system: '', prompt: '', schema: z.unknown() };
    for (let turn = 0; turn < 2; turn += 1) {
      await ask(world);
      await ask(world, { ...QUESTION, temperature: 1 });
      await world.models.embed({ texts: ['a'] }, world.callOf());
      await Array.fromAsync(world.models.structured(request, world.callOf()));
    }
    return world.model.seen.length;
  };

  it.each([
    ['nothing', 'off', 8],
    ['embeddings and texts at temperature 0', 'deterministic', 6],
    ['every call', 'all', 4],
  ] as const)('is %s when the setting says %s', async (_what, calls, count) => {
    expect(await asked(modelWorld({ cache: { calls } }))).toBe(count);
  });

  it('is no question that holds the address of an image: another may stand there tomorrow', async () => {
    const world = modelWorld(ALL);
    const request = (url: string): TextRequest => ({
      messages: [{ role: 'user', content: [{ type: 'image', url }] }],
      temperature: 0,
    });
    for (const url of ['https://example.com/a.png', 'data:image/png;base64,AAAA'])
      for (let turn = 0; turn < 2; turn += 1) await ask(world, request(url));
    expect(world.model.seen).toHaveLength(3);
  });

  it('is nothing to a caller who wants it anew, or nothing kept', async () => {
    const world = modelWorld(ALL);
    await ask(world);
    world.model.words = ['fresh'];
    expect(textOf(await saying('none', () => ask(world)))).toBe('fresh');
    expect(textOf(await ask(world))).toBe('hello');
    expect(textOf(await saying('refresh', () => ask(world)))).toBe('fresh');
    expect(textOf(await ask(world))).toBe('fresh');
    expect(world.counts.outcomes).toMatchObject({ bypassed: 2, hit: 2, miss: 1 });
  });
});
