import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DraftProposal } from '../../../draft-graph.schema.js';
import { AnswerForms, strictForm } from './answer-form.js';

const forms = new AnswerForms(strictForm);
const answerForm = (schema: z.ZodType) => forms.of(schema);

const inside = (schema: z.ZodType): unknown => answerForm(z.object({ x: schema })).schema.properties?.['x'];

describe('the form of strict mode', () => {
  it.each([
    [
      'an optional property is required and may be null',
      z.number().optional(),
      { anyOf: [{ type: 'number' }, { type: 'null' }] },
    ],
    ['a default is optional', z.string().default('a'), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['what is nullable already stays', z.string().nullish(), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    [
      'lengths are told in words',
      z.string().min(1).max(9).describe('A name'),
      { type: 'string', description: 'A name (at least 1, at most 9 characters)' },
    ],
    ['patterns and formats are left to our own check', z.email(), { type: 'string' }],
    ['ranges stay', z.number().min(0).max(1), { type: 'number', minimum: 0, maximum: 1 }],
    [
      'a union by a discriminator becomes anyOf',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b'), n: z.number() })]),
      {
        anyOf: [
          {
            type: 'object',
            properties: { k: { type: 'string', const: 'a' } },
            required: ['k'],
            additionalProperties: false,
          },
          {
            type: 'object',
            properties: { k: { type: 'string', const: 'b' }, n: { type: 'number' } },
            required: ['k', 'n'],
            additionalProperties: false,
          },
        ],
      },
    ],
  ])('%s', (_title, schema, expected) => {
    const { anyOf, type, ...rest } = Object(inside(schema));
    const nullable = Array.isArray(type)
      ? { anyOf: type.map((each) => ({ type: each })) }
      : type === undefined
        ? { anyOf }
        : { type };
    expect({ ...nullable, ...rest }).toEqual(expected);
  });

  it.each([
    ['records', z.object({ x: z.record(z.string(), z.number()) })],
    ['anything', z.object({ x: z.unknown() })],
    ['tuples', z.object({ x: z.tuple([z.string(), z.number()]) })],
    ['intersections', z.object({ x: z.union([z.string(), z.number()]).and(z.string()) })],
    ['a root that is no object', z.array(z.string())],
  ])('strict mode is not asked for %s', (_title, schema) => {
    expect(answerForm(schema).strict).toBe(false);
  });

  it('closes every object of the draft and requires all of it', () => {
    const { schema, strict } = answerForm(DraftProposal);
    expect(strict).toBe(true);
    expect(schema.required).toEqual(['nodes', 'edges', 'confidence']);
    expect(schema.properties?.['nodes']?.items).toMatchObject({
      additionalProperties: false,
      required: ['id', 'kind', 'label', 'body', 'why', 'quotation'],
    });
    expect(JSON.stringify(schema)).not.toMatch(/maxLength|minLength|\$schema/);
  });

  it('is worked out once', () => {
    expect(answerForm(DraftProposal)).toBe(answerForm(DraftProposal));
  });
});

describe('the cleaner', () => {
  const clean = (schema: z.ZodType, value: unknown) => answerForm(schema).cleaner()(value);

  it('takes away nulls of optional properties, at every depth', () => {
    const value = {
      nodes: [{ id: 'a', kind: 'goal', label: 'A', body: null, why: 'w', quotation: null }],
      edges: [
        { from: 'a', to: 'a', weight: 0.5, belief: null, basis: null, quotation: { source: 'brief', quote: 'q' } },
      ],
      confidence: 1,
    };
    expect(DraftProposal.parse(clean(DraftProposal, value))).toEqual({
      nodes: [{ id: 'a', kind: 'goal', label: 'A', why: 'w' }],
      edges: [{ from: 'a', to: 'a', weight: 0.5, quotation: { source: 'brief', quote: 'q' } }],
      confidence: 1,
    });
  });

  it('leaves nulls that mean something', () => {
    const schema = z.object({ a: z.string().nullable(), b: z.string().nullish() });
    expect(clean(schema, { a: null, b: null })).toEqual({ a: null, b: null });
  });

  it('leaves a null that is simply wrong, so that the check sees it', () => {
    expect(clean(z.object({ a: z.string() }), { a: null })).toEqual({ a: null });
  });

  it('follows the branch that a union value means', () => {
    const schema = z.object({
      x: z.union([
        z.object({ k: z.literal('a'), n: z.number().nullable() }),
        z.object({ k: z.literal('b'), n: z.number().optional() }),
      ]),
    });
    expect(clean(schema, { x: { k: 'a', n: null } })).toEqual({ x: { k: 'a', n: null } });
    expect(clean(schema, { x: { k: 'b', n: null } })).toEqual({ x: { k: 'b' } });
  });

  it('follows named and recursive schemas', () => {
    const Tree = z
      .object({
        note: z.string().optional(),
        get kids() {
          return z.array(Tree);
        },
      })
      .meta({ id: 'TreeOfTheTest' });
    const leaf = { note: null, kids: [] };
    expect(clean(z.object({ tree: Tree }), { tree: { note: 'n', kids: [leaf] } })).toEqual({
      tree: { note: 'n', kids: [{ kids: [] }] },
    });
  });
});
