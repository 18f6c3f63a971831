import { describe, expect, it } from '@jest/globals';
import { ChatRequest } from './chat-request.schema.js';
import { textRequestOf } from './text-request.policy.js';

const asked = (more: object) => textRequestOf(ChatRequest.parse({ model: 'm', messages: [user('Hello')], ...more }));
const user = (content: unknown) => ({ role: 'user', content });
const text = (words: string) => ({ type: 'text', text: words });
const call = (json: string) => ({ id: 'c1', type: 'function', function: { name: 'now', arguments: json } });

describe('textRequestOf', () => {
  it('says nothing of what is left out, or null', () => {
    const nothing = {
      tools: null,
      tool_choice: null,
      stop: null,
      temperature: null,
      response_format: null,
      seed: null,
    };
    expect(asked(nothing)).toEqual({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
  });

  it('keeps a value that is zero, empty or false', () => {
    const zero = { temperature: 0, top_p: 0, seed: 0, presence_penalty: 0, parallel_tool_calls: false, tools: [] };
    expect(asked(zero)).toMatchObject({
      ...{ temperature: 0, topP: 0, seed: 0, presencePenalty: 0, parallelToolCalls: false, tools: [] },
    });
  });

  it.each<[string, object, unknown]>([
    ['one end is a list', { stop: 'END' }, { stop: ['END'] }],
    ['the newer limit counts', { max_tokens: 5, max_completion_tokens: 7 }, { maxOutputTokens: 7 }],
    ['the older limit counts alone', { max_tokens: 5 }, { maxOutputTokens: 5 }],
    ['text is no form', { response_format: { type: 'text' } }, {}],
    ['any JSON', { response_format: { type: 'json_object' } }, { format: { type: 'json' } }],
    [
      'JSON of a shape',
      {
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
      },
      { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    ],
  ])('%s', (_rule, more, expected) => {
    const { model: _model, messages: _messages, ...rest } = asked(more);
    expect(rest).toEqual(expected);
  });

  it('a tool without parameters takes an empty object, and may be chosen by its name', () => {
    const tools = [{ type: 'function', function: { name: 'now', description: 'The time', strict: null } }];
    expect(asked({ tools, tool_choice: { type: 'function', function: { name: 'now' } } })).toMatchObject({
      tools: [{ name: 'now', description: 'The time', parameters: { type: 'object', properties: {} } }],
      toolChoice: { name: 'now' },
    });
  });

  it.each<[string, object, unknown]>([
    ['a developer is the system', { role: 'developer', content: 'Be brief' }, { role: 'system', content: 'Be brief' }],
    [
      'parts of a text are lines',
      { role: 'system', content: [text('Be'), text('brief')] },
      { role: 'system', content: 'Be\nbrief' },
    ],
    [
      'a user shows images',
      user([text('See'), { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } }]),
      user([text('See'), { type: 'image', url: 'https://a.example/b.png', detail: 'low' }]),
    ],
    [
      'an assistant that called a tool said nothing',
      { role: 'assistant', content: null, tool_calls: [call('{"a":1}')] },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'now', arguments: '{"a":1}' }] },
    ],
    [
      'an assistant that refused said so',
      { role: 'assistant', content: null, refusal: 'No' },
      { role: 'assistant', content: 'No' },
    ],
    [
      'a tool answers the call of that id',
      { role: 'tool', tool_call_id: 'c1', content: [text('Noon')] },
      { role: 'tool', callId: 'c1', content: 'Noon' },
    ],
  ])('%s', (_rule, message, expected) => {
    expect(asked({ messages: [message] }).messages).toEqual([expected]);
  });
});
