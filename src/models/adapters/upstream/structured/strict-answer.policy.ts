import { branches, type JsonSchema, resolved } from '../../../json-schema.js';
import type { TextRequest } from '../../../provider.port.js';
import { parseAnswer } from './answer.policy.js';

/** Parts of an answer and of its schema that are looked at: some 20 ms. Both come from outside, and may be made to take for ever. */
const MOST_STEPS = 200_000;
const MOST_LEVELS = 100;

/**
 * What of a whole answer does not fit the schema of strict structured output, which its caller was promised; empty when
 * nothing was promised, or it is too large to be judged. Formats and patterns are not looked at: a pattern of a
 * caller could run for ever.
 */
export function strictFaults(text: string, { format }: TextRequest): readonly string[] {
  if (format?.type !== 'json_schema' || format.strict !== true) return [];
  const json = parseAnswer(text);
  if (json === undefined) return ['It is not valid JSON'];
  const fault = new StrictCheck(format.schema).faultOf(json.value);
  return fault === undefined ? [] : [fault];
}

class TooLarge extends Error {}

/** One answer against one schema, first fault first. */
class StrictCheck {
  private steps = 0;

  constructor(private readonly root: JsonSchema) {}

  faultOf(value: unknown): string | undefined {
    try {
      return this.at(value, this.root, []);
    } catch (error) {
      if (error instanceof TooLarge) return undefined;
      throw error;
    }
  }

  private at(value: unknown, unresolved: JsonSchema, path: readonly string[]): string | undefined {
    this.steps += 1;
    if (this.steps > MOST_STEPS || path.length > MOST_LEVELS) throw new TooLarge();
    // Nobody has checked the schema: what is none in it is not kept to.
    if (!isRecord(unresolved)) return undefined;
    const schema = resolved(unresolved, this.root);
    if (!isAllowed(value, schema)) return told(path, 'is none of the values allowed');
    if (!hasType(value, schema)) return told(path, `is no ${[schema.type].flat().join(' or ')}`);
    return (
      this.unionFault(value, schema, path) ?? this.partsFault(value, schema, path) ?? boundsFault(value, schema, path)
    );
  }

  private unionFault(value: unknown, schema: JsonSchema, path: readonly string[]): string | undefined {
    const choices = listOf(branches(schema));
    if (choices.length === 0 || choices.some((choice) => this.at(value, choice, path) === undefined)) return undefined;
    return told(path, 'fits none of the choices');
  }

  private partsFault(value: unknown, schema: JsonSchema, path: readonly string[]): string | undefined {
    if (Array.isArray(value)) return this.itemsFault(value, schema, path);
    return isRecord(value) ? this.membersFault(value, schema, path) : undefined;
  }

  private itemsFault(items: readonly unknown[], { items: each }: JsonSchema, path: readonly string[]) {
    if (each === undefined) return undefined;
    for (const [index, item] of items.entries()) {
      const fault = this.at(item, each, [...path, String(index)]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private membersFault(value: object, schema: JsonSchema, path: readonly string[]): string | undefined {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const missing = listOf(schema.required).find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return told([...path, missing], 'is missing');
    for (const [name, member] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known === undefined && schema['additionalProperties'] === false)
        return told([...path, name], 'is not allowed');
      const fault = known === undefined ? undefined : this.at(member, known, [...path, name]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is written where a schema has a list, when it is one. */
const listOf = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

const TYPES: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map([
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['integer', (value) => Number.isInteger(value)],
  ['boolean', (value) => typeof value === 'boolean'],
  ['null', (value) => value === null],
  ['array', (value) => Array.isArray(value)],
  ['object', isRecord],
]);

const hasType = (value: unknown, { type }: JsonSchema): boolean =>
  type === undefined || [type].flat().some((name) => TYPES.get(name)?.(value) ?? true);

function isAllowed(value: unknown, schema: JsonSchema): boolean {
  const listed: unknown = schema['enum'];
  const values = 'const' in schema ? [schema['const']] : listed;
  return !Array.isArray(values) || values.some((each) => JSON.stringify(each) === JSON.stringify(value));
}

/** Keyword, what it bounds, and whether it is the least or the most of it. */
const BOUNDS = [
  ['minimum', (value: unknown) => value, 'least'],
  ['maximum', (value: unknown) => value, 'most'],
  ['minItems', (value: unknown) => (Array.isArray(value) ? value.length : undefined), 'least'],
  ['maxItems', (value: unknown) => (Array.isArray(value) ? value.length : undefined), 'most'],
] as const;

function boundsFault(value: unknown, schema: JsonSchema, path: readonly string[]): string | undefined {
  for (const [keyword, measure, end] of BOUNDS) {
    const [bound, size] = [schema[keyword], measure(value)];
    if (typeof bound !== 'number' || typeof size !== 'number') continue;
    if (end === 'least' ? size < bound : size > bound) return told(path, `is beyond ${keyword} ${bound}`);
  }
  return undefined;
}

const told = (path: readonly string[], what: string): string => `${path.join('.') || 'the whole answer'}: ${what}`;
