import { acceptsNull, branches, type JsonSchema } from '../../../json-schema.js';

export type Kind =
  | 'object'
  | 'array'
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'null'
  | 'choice'
  | 'union'
  | 'any';

/** What a resolved schema asks for, `null` aside. */
export function kindOf(schema: JsonSchema): Kind {
  if ('const' in schema || Array.isArray(schema['enum'])) return 'choice';
  if (branches(schema).length > 0) return 'union';
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  if (types.length > 1) return 'union';
  if (types.length === 0) return schema.type === undefined ? untyped(schema) : 'null';
  return KINDS.find((kind) => kind === types[0]) ?? 'any';
}

const KINDS = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const;

const untyped = (schema: JsonSchema): Kind =>
  schema.properties === undefined ? (schema.items === undefined ? 'any' : 'array') : 'object';

/** The schemas of which a union's value fits one, `null` aside. */
export function choicesOf(schema: JsonSchema): readonly JsonSchema[] {
  const choices = branches(schema);
  if (choices.length > 0) return choices.filter(({ type }) => type !== 'null');
  const { type, ...rest } = schema;
  return [type ?? []].flat().flatMap((each) => (each === 'null' ? [] : [{ ...rest, type: each }]));
}

/** The values that a choice is between, `null` aside. */
export const valuesOf = (schema: JsonSchema): readonly unknown[] => {
  const values: unknown = schema['enum'];
  return (Array.isArray(values) ? values : [schema['const']]).filter((value) => value !== null);
};

export const mayBeNull = (schema: JsonSchema): boolean =>
  acceptsNull(schema) ||
  schema['const'] === null ||
  (Array.isArray(schema['enum']) && schema['enum'].includes(null) && schema.type === undefined) ||
  (schema.type === undefined && kindOf(schema) === 'any');
