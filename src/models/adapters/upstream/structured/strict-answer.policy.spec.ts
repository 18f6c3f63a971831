import { describe, expect, it } from '@jest/globals';
import { strictFaults } from './strict-answer.policy.js';

const asking = (schema: unknown, strict = true) => ({
  messages: [],
  format: { type: 'json_schema', name: 'n', strict, schema: schema as Record<string, unknown> } as const,
});
const judged = (value: unknown, schema: unknown) => strictFaults(JSON.stringify(value), asking(schema));

const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: ['integer', 'null'], minimum: 0 },
    role: { enum: ['guest', 'host'] },
    friends: { type: 'array', maxItems: 2, items: { $ref: '#' } },
    pet: { anyOf: [{ $ref: '#/$defs/dog' }, { type: 'null' }] },
  },
  required: ['name', 'age', 'role', 'friends', 'pet'],
  additionalProperties: false,
  $defs: { dog: { type: 'object', properties: { barks: { const: true } }, required: ['barks'] } },
};
const ada = { name: 'Ada', age: 36, role: 'host', friends: [], pet: { barks: true } };

describe('an answer to a strict schema', () => {
  it.each([
    ['all of it', ada],
    ['what may be null', { ...ada, age: null, pet: null }],
    ['the schema inside itself', { ...ada, friends: [ada, ada] }],
    ['text in a fence', undefined],
  ])('fits with %s', (_what, value) => {
    const text = value === undefined ? `\`\`\`json\n${JSON.stringify(ada)}\n\`\`\`` : JSON.stringify(value);
    expect(strictFaults(text, asking(person))).toEqual([]);
  });

  it.each([
    ['another type', { ...ada, name: 5 }, 'name: is no string'],
    ['a fraction', { ...ada, age: 3.5 }, 'age: is no integer or null'],
    ['less than the least', { ...ada, age: -1 }, 'age: is beyond minimum 0'],
    ['another value', { ...ada, role: 'king' }, 'role: is none of the values allowed'],
    ['too many', { ...ada, friends: [ada, ada, ada] }, 'friends: is beyond maxItems 2'],
    ['a fault deep inside', { ...ada, friends: [{ ...ada, name: null }] }, 'friends.0.name: is no string'],
    ['no choice that fits', { ...ada, pet: { barks: false } }, 'pet: fits none of the choices'],
    ['a member too few', { ...ada, pet: undefined }, 'pet: is missing'],
    ['a member too many', { ...ada, constructor: 1 }, 'constructor: is not allowed'],
    ['a list', [ada], 'the whole answer: is no object'],
  ])('does not fit with %s, and says where', (_what, value, fault) => {
    expect(judged(value, person)).toEqual([fault]);
  });

  it('is no JSON', () => {
    expect(strictFaults('{"name":', asking(person))).toEqual(['It is not valid JSON']);
  });

  it('is not judged where nothing was promised', () => {
    expect(strictFaults('nonsense', asking(person, false))).toEqual([]);
    expect(strictFaults('nonsense', { messages: [], format: { type: 'json' } })).toEqual([]);
    expect(strictFaults('nonsense', { messages: [] })).toEqual([]);
  });

  it.each([
    ['types', { type: ['__proto__', 'constructor'] }],
    ['members', { properties: 5, required: 'all', items: [], anyOf: 'any', enum: 'e' }],
    ['references', { $ref: 5 }],
    ['a reference to itself', { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }],
    ['a member', { properties: { name: 7, age: null } }],
  ])('is not held to nonsense in %s', (_where, schema) => {
    expect(judged(ada, schema)).toEqual([]);
  });

  it('is judged in bounded time, whatever the schema', () => {
    const twice = {
      anyOf: [{ type: 'array', items: { $ref: '#' } }, { type: 'array', items: { $ref: '#' } }, { type: 'string' }],
    };
    let value: unknown = 5;
    for (let level = 0; level < 60; level += 1) value = [value];
    const started = performance.now();
    expect(judged(value, twice)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
