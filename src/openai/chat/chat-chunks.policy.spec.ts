import { describe, expect, it } from '@jest/globals';
import { NO_USAGE } from '#src/kernel/index.js';
import { ChatChunks } from './chat-chunks.policy.js';
import { chatCompletion } from './chat-completion.policy.js';

const head = { id: 'chatcmpl_1', created: 1 };
const said = (text: string) => ({ type: 'delta' as const, text, used: NO_USAGE });
const called = (index: number, json: string) => ({
  ...{ type: 'tool_delta' as const, index, id: `c${index}`, name: 'now', arguments: json, used: NO_USAGE },
});
const toolCalls = [{ id: 'c0', name: 'now', arguments: '{}' }];
const done = {
  ...{ type: 'done' as const, text: 'Tea', toolCalls: [], finish: 'stop' as const, model: 'real-1', provider: 'p' },
  usage: { inputTokens: 2, outputTokens: 1 },
};

describe('the chunks of an answer', () => {
  it('say once who speaks, also when nothing is said', () => {
    const chunks = new ChatChunks(head, 'm', 'without_usage');
    const deltas = [chunks.of(said('Te')), chunks.of(said('a')), ...chunks.end(done)];
    for (const chunk of deltas) expect(chunk).not.toHaveProperty('usage');
    expect(deltas.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant', content: 'Te' },
      { content: 'a' },
      {},
    ]);
    const [only] = new ChatChunks(head, 'm', 'without_usage').end(done);
    expect(only?.choices[0]).toMatchObject({ delta: { role: 'assistant' }, finish_reason: 'stop' });
  });

  it('name a tool call once, at its first piece', () => {
    const chunks = new ChatChunks(head, 'm', 'without_usage');
    const deltas = [called(0, '{'), called(1, ''), called(0, '}')].map((piece) => chunks.of(piece).choices[0]?.delta);
    expect(deltas.map((delta) => delta?.tool_calls)).toEqual([
      [{ index: 0, id: 'c0', type: 'function', function: { name: 'now', arguments: '{' } }],
      [{ index: 1, id: 'c1', type: 'function', function: { name: 'now', arguments: '' } }],
      [{ index: 0, function: { arguments: '}' } }],
    ]);
  });

  it('tell at the end which model answered, and what it cost to whoever asked', () => {
    const chunks = new ChatChunks(head, 'm', 'with_usage');
    expect(chunks.of(said('Tea')).usage).toBeNull();
    const [last, cost] = chunks.end({ ...done, finish: 'length' });
    expect(last).toMatchObject({ model: 'real-1', choices: [{ finish_reason: 'length' }] });
    expect(cost).toMatchObject({ choices: [], usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 } });
    expect(last?.usage).toBeNull();
  });
});

describe('a whole answer', () => {
  it('has no content when there are only tool calls', () => {
    const { choices } = chatCompletion(head, { ...done, text: '', toolCalls, finish: 'tools' });
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ id: 'c0', type: 'function', function: { name: 'now', arguments: '{}' } }],
      },
    });
  });

  it('keeps what was said beside tool calls, and an empty answer without any', () => {
    const contents = [
      { ...done, toolCalls },
      { ...done, text: '' },
    ].map((each) => chatCompletion(head, each).choices[0]?.message.content);
    expect(contents).toEqual(['Tea', '']);
  });
});
