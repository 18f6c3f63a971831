import { branches, type JsonSchema, mapValues } from '../../json-schema.js';
import { asItIs, type FormMaker } from '../upstream/structured/answer-form.js';
import {
  canBeStrict,
  DROPPED,
  described,
  type Limits,
  parts,
  without,
} from '../upstream/structured/strict-schema.policy.js';

const LIMITS: readonly Limits[] = [
  ['minLength', 'maxLength', ' characters'],
  ['minItems', 'maxItems', ' items'],
  ['minimum', 'maximum', ''],
];
const REFUSED: ReadonlySet<string> = new Set([
  ...DROPPED,
  ...LIMITS.flatMap((limit) => limit.slice(0, 2)),
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
]);

/** A schema that the API can be told is asked for by its own means, any other in words. */
export const messageForm: FormMaker = (schema) => {
  const format = formatSchema(schema);
  return { schema: format ?? schema, strict: format !== undefined, cleaner: asItIs };
};

/**
 * The schema in the subset that the API enforces: objects closed, no limits, nothing recursive. `undefined` when it
 * cannot be said there. Source: Anthropic's guide "Structured outputs", JSON Schema limitations.
 */
export const formatSchema = (schema: JsonSchema): JsonSchema | undefined =>
  canBeStrict(schema) && !recursive(schema, schema, []) ? subset(schema) : undefined;

function subset(schema: JsonSchema): JsonSchema {
  const choices = branches(schema);
  const description = described(schema, LIMITS);
  return {
    ...without(schema, REFUSED),
    ...(description === '' ? {} : { description }),
    ...(choices.length === 0 ? {} : { anyOf: choices.map(subset) }),
    ...(schema.items === undefined ? {} : { items: subset(schema.items) }),
    ...(schema.$defs === undefined ? {} : { $defs: mapValues(schema.$defs, subset) }),
    ...(schema.properties === undefined
      ? {}
      : { properties: mapValues(schema.properties, subset), additionalProperties: false }),
  };
}

function recursive(schema: JsonSchema, root: JsonSchema, inside: readonly string[]): boolean {
  const { $ref, $defs: _named, ...own } = schema;
  if ($ref === undefined) return parts(own).some((part) => recursive(part, root, inside));
  const target = root.$defs?.[$ref.replace(/^#\/\$defs\//, '')];
  return target === undefined || inside.includes($ref) || recursive(target, root, [...inside, $ref]);
}
