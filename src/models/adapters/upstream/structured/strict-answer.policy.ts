import { branches, type JsonSchema, resolved } from '../../../json-schema.js';
import type { TextRequest } from '../../../provider.port.js';
import { parseAnswer } from './answer.policy.js';

/** Parts of an answer and of its schema that are looked at: some 50 ms at worst. Both come from outside, and may be made to take for ever. */
const MOST_STEPS = 50_000;
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
  return fault === undefined ? [] : [told(fault)];
}

/** A member of the answer, seen from the one it is in; spelt out only when there is something to tell of it. */
interface Place {
  readonly within: Place | undefined;
  readonly name: string;
  readonly level: number;
}

interface Fault {
  /** `undefined`: the whole answer. */
  readonly place: Place | undefined;
  readonly what: string;
}

class TooLarge extends Error {}

/** One answer against one schema, first fault first. */
class StrictCheck {
  private steps = 0;
  /** Each is met as often as the answer has such parts, and as its choices are tried. */
  private readonly known = new Map<JsonSchema, JsonSchema>();

  constructor(private readonly root: JsonSchema) {}

  faultOf(value: unknown): Fault | undefined {
    try {
      return this.at(value, this.root, undefined);
    } catch (error) {
      if (error instanceof TooLarge) return undefined;
      throw error;
    }
  }

  private at(value: unknown, unresolved: JsonSchema, place: Place | undefined): Fault | undefined {
    this.steps += 1;
    if (this.steps > MOST_STEPS || (place?.level ?? 0) > MOST_LEVELS) throw new TooLarge();
    // Nobody has checked the schema: what is none in it is not kept to.
    if (!isRecord(unresolved)) return undefined;
    const schema = this.schemaOf(unresolved);
    if (!isAllowed(value, schema)) return { place, what: 'is none of the values allowed' };
    if (!hasType(value, schema)) return { place, what: `is no ${[schema.type].flat().join(' or ')}` };
    return (
      this.unionFault(value, schema, place) ??
      this.partsFault(value, schema, place) ??
      boundsFault(value, schema, place)
    );
  }

  private schemaOf(unresolved: JsonSchema): JsonSchema {
    const known = this.known.get(unresolved);
    if (known !== undefined) return known;
    const schema = resolved(unresolved, this.root);
    this.known.set(unresolved, schema);
    return schema;
  }

  private unionFault(value: unknown, schema: JsonSchema, place: Place | undefined): Fault | undefined {
    const choices = listOf(branches(schema));
    if (choices.length === 0 || choices.some((choice) => this.at(value, choice, place) === undefined)) return undefined;
    return { place, what: 'fits none of the choices' };
  }

  private partsFault(value: unknown, schema: JsonSchema, place: Place | undefined): Fault | undefined {
    if (Array.isArray(value)) return this.itemsFault(value, schema, place);
    return isRecord(value) ? this.membersFault(value, schema, place) : undefined;
  }

  private itemsFault(items: readonly unknown[], { items: each }: JsonSchema, place: Place | undefined) {
    if (each === undefined) return undefined;
    for (const [index, item] of items.entries()) {
      const fault = this.at(item, each, inside(place, String(index)));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private membersFault(value: object, schema: JsonSchema, place: Place | undefined): Fault | undefined {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const missing = listOf(schema.required).find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return { place: inside(place, missing), what: 'is missing' };
    for (const [name, member] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known === undefined && schema['additionalProperties'] === false)
        return { place: inside(place, name), what: 'is not allowed' };
      const fault = known === undefined ? undefined : this.at(member, known, inside(place, name));
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

function boundsFault(value: unknown, schema: JsonSchema, place: Place | undefined): Fault | undefined {
  for (const [keyword, measure, end] of BOUNDS) {
    const [bound, size] = [schema[keyword], measure(value)];
    if (typeof bound !== 'number' || typeof size !== 'number') continue;
    if (end === 'least' ? size < bound : size > bound) return { place, what: `is beyond ${keyword} ${bound}` };
  }
  return undefined;
}

const inside = (within: Place | undefined, name: string): Place => ({ within, name, level: (within?.level ?? 0) + 1 });

function told({ place, what }: Fault): string {
  const names: string[] = [];
  for (let at = place; at !== undefined; at = at.within) names.unshift(at.name);
  return `${names.join('.') || 'the whole answer'}: ${what}`;
}
