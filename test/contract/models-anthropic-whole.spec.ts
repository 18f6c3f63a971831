import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TextEvent } from '#src/models/provider.port.js';
import { saying, telling, textBlock, thinkingBlock, toolBlock } from '../support/scripted-anthropic.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { completing, failing } from '../support/scripted-upstream-scripts.ts';
import { failure } from './models-support.ts';
import { calm, TEXT, UpstreamScene, words } from './upstream-scene.ts';

let scene: UpstreamScene;
beforeEach(() => {
  scene = new UpstreamScene();
});
afterEach(() => scene.close());

async function hear(scripts: readonly Script[], request = words): Promise<TextEvent[]> {
  const subject = await scene.claude(scripts);
  return scene.soon(Array.fromAsync(subject.text(request, calm(), 'end')));
}

const done = async (script: Script, request = words): Promise<unknown> => (await hear([script], request)).at(-1);
const message = (fields: object): Script =>
  completing({ type: 'message', id: 'm', content: [{ type: 'text', text: 'x' }], stop_reason: 'end_turn', ...fields });

describe('a message of which the end alone is read', () => {
  it('is asked for in one piece', async () => {
    expect(await done(saying(TEXT, {}))).toEqual({
      ...{ type: 'done', text: TEXT, toolCalls: [], finish: 'stop' },
      ...{ usage: { inputTokens: 11, outputTokens: 7 }, model: 'scripted-claude-1', provider: 'anthropic' },
    });
    expect(Object(scene.upstream.requests[0]?.body).stream).toBe(false);
  });

  it('is what was said, and not what was thought', async () => {
    const blocks = [thinkingBlock('Hm.'), textBlock('Tea. '), textBlock('Green.')];
    expect(await done(telling(blocks, {}))).toMatchObject({ text: 'Tea. Green.' });
  });

  it('may call tools', async () => {
    const blocks = [textBlock('I look.'), toolBlock('a', 'f', '{"x":[1]}'), toolBlock('b', 'g', '')];
    expect(await done(telling(blocks, { stopReason: 'tool_use' }))).toMatchObject({
      ...{ text: 'I look.', finish: 'tools' },
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{"x":[1]}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    });
  });

  it('loses the fence around JSON that was asked for in words', async () => {
    const script = saying('```json\n{"a":1}\n```', {});
    expect(await done(script, { ...words, format: { type: 'json' } })).toMatchObject({ text: '{"a":1}' });
  });

  it('is heard as a stream when it comes as one', async () => {
    expect(await done(saying(TEXT, { bytesPerWrite: 7 }))).toMatchObject({ text: TEXT, usage: { outputTokens: 7 } });
  });

  it('says when it declines', async () => {
    expect(await done(message({ stop_reason: 'refusal' }))).toMatchObject({ finish: 'filtered' });
  });

  it('counts what the cache held as input', async () => {
    const usage = {
      input_tokens: 11,
      output_tokens: 7,
      cache_creation_input_tokens: 100,
      cache_read_input_tokens: 2_000,
    };
    expect(await done(message({ usage }))).toMatchObject({
      usage: { inputTokens: 2_111, outputTokens: 7, cachedInputTokens: 2_000, cacheWriteTokens: 100 },
    });
  });

  it.each<[string, Script, object, number]>([
    ['by an error', completing({ type: 'error', error: { message: 'sk-leak' } }), { fault: 'busy' }, 3],
    ['by something else', completing({ type: 'letter', content: [] }), { fault: 'malformed' }, 1],
    ['without content', message({ content: undefined }), { fault: 'malformed' }, 1],
    ['with words that are none', message({ content: ['x'] }), { fault: 'malformed' }, 1],
    ['by a status of 529', failing(529, {}), { fault: 'busy' }, 3],
  ])('fails %s', async (_why, script, expected, tries) => {
    const error = await failure(hear([script]));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', ...expected });
    expect(scene.upstream.requests).toHaveLength(tries);
  });
});
