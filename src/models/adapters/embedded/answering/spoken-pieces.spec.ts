import { describe, expect, it } from '@jest/globals';
import type { TextRequest } from '../../../provider.port.js';
import { spokenPieces } from './spoken-pieces.js';

const said = (request: TextRequest): string =>
  Array.from(spokenPieces(request))
    .filter((piece) => piece !== undefined)
    .join('');
const messages = [{ role: 'user', content: 'What does water cost? Water costs 40 euros per load.' }] as const;
const tools = [{ name: 'price', parameters: { type: 'object' } }];

describe('the embedded model', () => {
  it('says in one piece or many the JSON that a schema asks for', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`cost_${index}`, { type: 'number', description: 'what water costs' }]),
    );
    const schema = { type: 'object', properties, required: Object.keys(properties) };
    const request: TextRequest = { messages, format: { type: 'json_schema', name: 'prices', schema } };
    expect(Object.values(JSON.parse(said(request)))).toEqual(Array(60).fill(40));
    expect(Array.from(spokenPieces(request)).filter((piece) => piece !== undefined).length).toBeGreaterThan(5);
  });

  it.each(['auto', 'none', undefined] as const)('answers in words when tools may be called (%s)', (toolChoice) => {
    const choice = toolChoice === undefined ? {} : { toolChoice };
    expect(said({ messages, tools, ...choice })).toBe('Water costs 40 euros per load.');
  });

  it.each<[string, Partial<TextRequest>, RegExp]>([
    ['calls of tools', { tools, toolChoice: 'required' }, /calls no tools/],
    ['a call of one tool', { tools, toolChoice: { name: 'price' } }, /calls no tools/],
    [
      'images',
      { messages: [{ role: 'user', content: [{ type: 'image', url: 'https://example.com/a.png' }] }] },
      /cannot read images/,
    ],
  ])('refuses %s and says so', (_what, change, detail) => {
    expect(() => said({ messages, ...change })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(detail) }),
    );
  });

  it('reads the text of messages in parts, and what tools returned', () => {
    const parts = [{ type: 'text', text: 'What does water cost?' }] as const;
    const request: TextRequest = {
      messages: [
        { role: 'user', content: parts },
        { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'price', arguments: '{}' }] },
        { role: 'tool', callId: '1', content: 'Water costs 40 euros per load.' },
      ],
      tools,
    };
    expect(said(request)).toBe('Water costs 40 euros per load.');
  });
});
