/** A JSON Schema as far as the models read one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
  readonly description?: string;
}

/** The choices of a union; empty when the schema is none. */
export const branches = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? schema.oneOf ?? [];

export const acceptsNull = (schema: JsonSchema): boolean =>
  schema.type === 'null' ||
  (Array.isArray(schema.type) && schema.type.includes('null')) ||
  branches(schema).some(acceptsNull);

/** The schema that a reference means, with what stands beside the reference. Chains of references end. */
export function resolved(schema: JsonSchema, root: JsonSchema, hops = 0): JsonSchema {
  const { $ref, ...beside } = schema;
  if ($ref === undefined || hops > MOST_HOPS) return beside;
  return { ...resolved(targetOf($ref, root), root, hops + 1), ...beside };
}

const MOST_HOPS = 8;

function targetOf(ref: string, root: JsonSchema): JsonSchema {
  if (ref === '#') return root;
  const name = /^#\/(?:\$defs|definitions)\/(.+)$/.exec(ref)?.[1] ?? '';
  const named = { ...(root['definitions'] as JsonSchema['$defs']), ...root.$defs };
  return Object.hasOwn(named, name) ? (named[name] ?? {}) : {};
}

/** Applies a change to each value of a record. */
export const mapValues = <T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Record<string, U> => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
