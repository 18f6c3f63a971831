import { type JsonSchema, resolved } from '../../../json-schema.js';
import { UpstreamError } from '../../../upstream-error.js';
import { spokenOf } from './choices.policy.js';
import { type Evidence, partOf } from './evidence.policy.js';
import { leafValue, toldBy } from './leaf.policy.js';
import { stringsFor } from './lists.policy.js';
import { shaped } from './matching.policy.js';
import { numbersFor } from './numbers.policy.js';
import { partsFor } from './parts.policy.js';
import { choicesOf, type Kind, kindOf, mayBeNull, valuesOf } from './subset.policy.js';
import { type Topic, topicOf } from './topic.policy.js';

/** What became of one place of a schema. `told`: how many values in it the text tells. */
export type Outcome =
  | { readonly known: true; readonly value: unknown; readonly told: number }
  | { readonly known: false; readonly missing: readonly string[] };

/** Words of the conversation that stand for themselves. */
export interface FreeText {
  readonly answer: string | undefined;
  readonly summary: string | undefined;
}

/** One place of a schema that is to be filled. */
interface Place {
  readonly schema: JsonSchema;
  readonly topic: Topic;
  readonly path: string;
  /** What is read, the next only where the one before says nothing. */
  readonly evidence: readonly Evidence[];
  /** References followed on the way here. */
  readonly refs: readonly string[];
  /** Nothing need be known: it is better to say so than to guess. */
  readonly open: boolean;
}

type Steps = Generator<undefined, Outcome>;

/** A schema that refers to itself is followed this often. */
const MOST_VISITS = 2;
/** Sentences read for one answer, again for each place, every part and every choice included. */
const MOST_READ = 300_000;
/** Kinds whose values are better null than empty. */
const HOLDING: ReadonlySet<Kind> = new Set(['object', 'union']);

/** Fills a schema from what is said, a place at a time, so that the caller may pause between them. */
export class Filling {
  private read = 0;

  private freeText: FreeText | undefined;

  /** @param freely finds words for properties that ask for an answer or a summary; called when there is one */
  constructor(
    private readonly root: JsonSchema,
    private readonly freely: () => Generator<undefined, FreeText>,
  ) {}

  *fill(name: string, evidence: readonly Evidence[]): Steps {
    return yield* this.place({
      schema: this.root,
      topic: topicOf(name, this.root, undefined),
      path: '',
      evidence,
      refs: [],
      open: false,
    });
  }

  private *place(place: Place): Steps {
    this.read += place.evidence.reduce((sum, { sentences }) => sum + sentences.length, 1);
    if (this.read > MOST_READ)
      throw new UpstreamError('unfit', 'The schema has more places than so long a text can fill');
    yield undefined;
    const { $ref } = place.schema;
    const schema = resolved(place.schema, this.root);
    const followed = $ref === undefined ? 0 : place.refs.filter((ref) => ref === $ref).length;
    const refs = $ref === undefined ? place.refs : [...place.refs, $ref];
    const outcome =
      followed < MOST_VISITS
        ? yield* this.kind({ ...place, schema, refs, open: place.open || mayBeNull(schema) })
        : unknown(place);
    const nothing = !outcome.known || (outcome.told === 0 && HOLDING.has(kindOf(schema)));
    return nothing && mayBeNull(schema) ? { known: true, value: null, told: 0 } : outcome;
  }

  private *kind(place: Place): Steps {
    const kind = kindOf(place.schema);
    if (kind === 'object') return yield* this.object(place);
    if (kind === 'array') return yield* this.array(place);
    if (kind === 'union') return yield* this.union(place);
    if (kind === 'null') return { known: true, value: null, told: 0 };
    return yield* this.leaf(place);
  }

  private *object({ schema, topic, path, ...rest }: Place): Steps {
    const { required = [] } = schema;
    const entries: [string, unknown][] = [];
    const missing: string[] = [];
    let told = 0;
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const own = topicOf(name, resolved(property, this.root), topic);
      const outcome = yield* this.place({
        ...rest,
        schema: property,
        topic: own,
        path: `${path}/${name}`,
        open: !required.includes(name),
      });
      if (!outcome.known) {
        if (required.includes(name)) missing.push(...outcome.missing);
        continue;
      }
      entries.push([name, outcome.value]);
      told += outcome.told;
    }
    missing.push(
      ...required.filter((name) => !Object.hasOwn(schema.properties ?? {}, name)).map((name) => `${path}/${name}`),
    );
    return missing.length > 0 ? { known: false, missing } : { known: true, value: Object.fromEntries(entries), told };
  }

  /** The choice of which the text tells most. */
  private *union(place: Place): Steps {
    let best: Outcome = unknown(place);
    for (const schema of choicesOf(place.schema)) {
      const outcome = yield* this.place({ ...place, schema });
      if (outcome.known && (!best.known || outcome.told > best.told)) best = outcome;
    }
    return best;
  }

  private *array(place: Place): Steps {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = place.schema;
    for (const evidence of place.evidence) {
      const all = yield* this.items(place, evidence);
      const value = all.slice(0, Number(maxItems));
      if (value.length > 0 && value.length >= Number(minItems)) return { known: true, value, told: value.length };
    }
    return Number(minItems) > 0 ? unknown(place) : { known: true, value: [], told: 0 };
  }

  private *items(place: Place, evidence: Evidence): Generator<undefined, readonly unknown[]> {
    const { topic } = place;
    const items = resolved(place.schema.items ?? { type: 'string' }, this.root);
    const kind = kindOf(items);
    if (kind === 'string' || kind === 'any') return stringsFor(topic, items, evidence);
    if (kind === 'number' || kind === 'integer') return [...new Set(numbersFor(topic, items, evidence))];
    if (kind === 'choice') return spokenOf(topic, valuesOf(items), evidence);
    if (kind !== 'object' && kind !== 'union') return [];
    return yield* this.parts({ ...place, schema: place.schema.items ?? {} }, evidence);
  }

  /** One thing a part of the text, each once. */
  private *parts(place: Place, evidence: Evidence): Generator<undefined, readonly unknown[]> {
    const found = new Map<string, unknown>();
    for (const { text, halves } of partsFor(place.topic, evidence)) {
      const each = yield* this.things(place, halves);
      const things = each.length > 1 ? each : yield* this.things(place, [text]);
      for (const thing of things) found.set(JSON.stringify(thing), thing);
    }
    return [...found.values()];
  }

  private *things(place: Place, texts: readonly string[]): Generator<undefined, readonly unknown[]> {
    const enough = Math.max(1, Math.ceil((resolved(place.schema, this.root).required ?? []).length / 2));
    const found: unknown[] = [];
    for (const text of texts) {
      const outcome = yield* this.place({ ...place, evidence: [partOf(text)], open: false });
      if (outcome.known && outcome.told >= enough) found.push(outcome.value);
    }
    return found;
  }

  private *leaf(place: Place): Steps {
    for (const evidence of place.evidence) {
      const value = leafValue(place, evidence);
      if (value !== undefined) return { known: true, value, told: toldBy(place, evidence) };
    }
    const value = yield* this.freeWords(place);
    return value === undefined ? unknown(place) : { known: true, value, told: 1 };
  }

  private *freeWords({ schema, topic: { hint } }: Place): Generator<undefined, string | undefined> {
    if ((hint !== 'answer' && hint !== 'summary') || !TEXTS.has(kindOf(schema))) return undefined;
    this.freeText ??= yield* this.freely();
    const text = this.freeText[hint];
    return text === undefined ? undefined : shaped(text, schema);
  }
}

const TEXTS: ReadonlySet<Kind> = new Set(['string', 'any']);

const unknown = ({ path }: Place): Outcome => ({ known: false, missing: [path] });
