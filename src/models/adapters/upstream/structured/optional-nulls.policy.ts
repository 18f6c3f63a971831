import { acceptsNull, branches, type JsonSchema } from '../../../json-schema.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Undoes what strict mode does to optional properties: takes away each `null` that the original schema would refuse
 * and allows to be left out. Objects seen before are not walked again, so growing answers stay cheap.
 *
 * @param root the original schema, before `strictSchema`
 */
export function nullDropper(root: JsonSchema): (value: unknown) => unknown {
  const seen = new WeakMap<object, unknown>();

  function clean(value: unknown, asked: JsonSchema): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = seen.get(value);
    if (known !== undefined) return known;
    const cleaned = Array.isArray(value) ? cleanArray(value, asked) : cleanObject({ ...value }, asked);
    seen.set(value, cleaned);
    return cleaned;
  }

  function cleanArray(values: readonly unknown[], asked: JsonSchema): unknown {
    const { items } = choose(asked, root, values);
    return items === undefined ? values : values.map((value) => clean(value, items));
  }

  function cleanObject(fields: Fields, asked: JsonSchema): unknown {
    const { properties = {}, required = [] } = choose(asked, root, fields);
    const kept = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) return [[name, value]];
      if (value === null && !required.includes(name) && !acceptsNull(resolve(property, root))) return [];
      return [[name, clean(value, property)]];
    });
    return Object.fromEntries(kept);
  }

  return (value) => clean(value, root);
}

/** The branch of a union that a value means; the schema itself when there is no choice. */
function choose(asked: JsonSchema, root: JsonSchema, value: Fields | readonly unknown[]): JsonSchema {
  const schema = resolve(asked, root);
  const choices = branches(schema);
  if (choices.length === 0) return schema;
  const meant = choices.map((choice) => choose(choice, root, value)).find((choice) => means(choice, value));
  return meant ?? {};
}

function means(schema: JsonSchema, value: Fields | readonly unknown[]): boolean {
  if (Array.isArray(value)) return schema.type === 'array';
  if (schema.type !== 'object') return false;
  const fields = { ...value } as Fields;
  const named = (schema.required ?? []).every((name) => Object.hasOwn(fields, name));
  return named && Object.entries(schema.properties ?? {}).every(([name, property]) => admits(property, fields[name]));
}

/** Only what tells branches apart: constants and enumerations. */
function admits(property: JsonSchema, value: unknown): boolean {
  if (value === undefined) return true;
  if ('const' in property) return property['const'] === value;
  const words = property['enum'];
  return value === null || !Array.isArray(words) || words.includes(value);
}

const resolve = (schema: JsonSchema, root: JsonSchema): JsonSchema => {
  const name = schema.$ref?.replace(/^#\/\$defs\//, '');
  if (name === undefined) return schema;
  return schema.$ref === '#' ? root : (root.$defs?.[name] ?? {});
};
