import { acceptsNull, branches, type JsonSchema, mapValues } from '../../../json-schema.js';

/** Keywords that strict mode refuses, or that servers understand differently; the answer is checked here anyway. */
export const DROPPED: ReadonlySet<string> = new Set([
  '$schema',
  'default',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'propertyNames',
  'oneOf',
]);
const NOT_STRICT = ['allOf', 'not', 'prefixItems', 'if', 'patternProperties'];

/**
 * Whether a schema can be said in strict mode: closed objects, unions and arrays of typed things, an object at the
 * root. Records, intersections, tuples and "anything" cannot.
 */
export const canBeStrict = (schema: JsonSchema): boolean => schema.type === 'object' && sayable(schema);

function sayable(schema: JsonSchema): boolean {
  if (NOT_STRICT.some((keyword) => keyword in schema)) return false;
  if (schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false) return false;
  if (schema.type === 'object' && schema.properties === undefined) return false;
  if (schema.type === 'array' && schema.items === undefined) return false;
  const typed = ['type', '$ref', 'anyOf', 'oneOf', 'enum', 'const'].some((keyword) => keyword in schema);
  return typed && parts(schema).every(sayable);
}

/** The schemas that a schema is made of. */
export const parts = (schema: JsonSchema): readonly JsonSchema[] => [
  ...branches(schema),
  ...Object.values(schema.properties ?? {}),
  ...Object.values(schema.$defs ?? {}),
  ...(schema.items === undefined ? [] : [schema.items]),
];

/**
 * The same schema in the subset of strict structured output: every object closed, every property required, what was
 * optional nullable instead, lengths told in words. Source: OpenAI's guide "Structured Outputs", supported schemas.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  const kept = without(schema, DROPPED);
  const choices = branches(schema);
  const description = described(schema, LENGTHS);
  return {
    ...kept,
    ...(description === '' ? {} : { description }),
    ...(choices.length === 0 ? {} : { anyOf: choices.map(strictSchema) }),
    ...(schema.items === undefined ? {} : { items: strictSchema(schema.items) }),
    ...(schema.$defs === undefined ? {} : { $defs: mapValues(schema.$defs, strictSchema) }),
    ...(schema.properties === undefined ? {} : closed(schema, schema.properties)),
  };
}

function closed({ required = [] }: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const strict = mapValues(properties, (property, name) => {
    const inner = strictSchema(property);
    return required.includes(name) || acceptsNull(inner) ? inner : { anyOf: [inner, { type: 'null' }] };
  });
  return { properties: strict, required: Object.keys(properties), additionalProperties: false };
}

/** A pair of limits that a schema sets, and what they count. */
export type Limits = readonly [least: string, most: string, what: string];

const LENGTHS: readonly Limits[] = [['minLength', 'maxLength', ' characters']];

/** The description of a schema, with limits told in words that cannot be told in keywords. */
export function described(schema: JsonSchema, limits: readonly Limits[]): string {
  const told = limits.map(([least, most, what]) => {
    const from = schema[least];
    const to = schema[most];
    const parts = [
      typeof from === 'number' && (from > 0 || what === '') ? `at least ${from}` : '',
      typeof to === 'number' ? `at most ${to}` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? '' : `(${parts.join(', ')}${what})`;
  });
  return [schema.description ?? '', ...told].filter((part) => part !== '').join(' ');
}

export const without = (schema: JsonSchema, keywords: ReadonlySet<string>): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.has(keyword)));
