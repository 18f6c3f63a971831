import { describe, expect, it } from '@jest/globals';
import { reasonIn } from './rejection.policy.js';

const said = (error: object): string => JSON.stringify({ error });

describe('why an upstream did not take a request', () => {
  it.each<[string, string, object]>([
    [
      'OpenAI, of what is too long',
      said({ message: 'x', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' }),
      { code: 'context_length_exceeded', param: 'messages' },
    ],
    [
      'OpenAI, of one part of it',
      said({ code: 'invalid_type', param: 'messages[3].content[0].text' }),
      { code: 'invalid_type', param: 'messages[3].content[0].text' },
    ],
    [
      'Anthropic, which has no code for it',
      said({ type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
      { code: 'context_length_exceeded' },
    ],
    [
      'a server that says it at the top',
      JSON.stringify({ object: 'error', message: "This model's maximum context length is 4096 tokens.", code: 400 }),
      { code: 'context_length_exceeded' },
    ],
    ['a word nobody knows', said({ code: 'sk-leak', param: 'sk-leak' }), {}],
    ['a path to a secret', said({ code: 'invalid_value', param: 'messages.sk-leak' }), { code: 'invalid_value' }],
    ['no JSON', '<p>', {}],
    ['nothing', '', {}],
    ['null', 'null', {}],
    ['something else', '{"error":"no"}', {}],
  ])('is passed on as far as we know the words: %s', (_who, body, rejection) => {
    expect(reasonIn(body)).toEqual({ rejection, ours: false });
  });

  it.each([
    said({ code: 'insufficient_quota' }),
    said({ type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' }),
  ])('may be that our account is empty: %s', (body) => {
    expect(reasonIn(body).ours).toBe(true);
  });
});
