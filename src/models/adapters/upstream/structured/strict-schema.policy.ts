import { acceptsNull, branches, type JsonSchema, mapValues } from '../../../json-schema.js';

/** Keywords that strict mode refuses, or that servers understand differently; the answer is checked here anyway. */
const DROPPED = new Set([
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

const parts = (schema: JsonSchema): readonly JsonSchema[] => [
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
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !DROPPED.has(keyword)));
  const choices = branches(schema);
  const description = described(schema);
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

function described(schema: JsonSchema): string {
  const { minLength, maxLength, description } = schema;
  const limits = [
    typeof minLength === 'number' && minLength > 0 ? `at least ${minLength}` : '',
    typeof maxLength === 'number' ? `at most ${maxLength}` : '',
  ].filter((limit) => limit !== '');
  const length = limits.length === 0 ? '' : `(${limits.join(', ')} characters)`;
  return [description ?? '', length].filter((part) => part !== '').join(' ');
}
