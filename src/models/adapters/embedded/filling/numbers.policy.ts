import type { JsonSchema } from '../../../json-schema.js';
import type { Sentence } from '../reading/source.js';
import { type Quantity, quantities } from '../text/quantities.policy.js';
import { stem } from '../text/stem.policy.js';
import type { Evidence } from './evidence.policy.js';
import { labelled } from './relevance.policy.js';
import type { Topic } from './topic.policy.js';

/** Units that names of properties call for. */
const UNITS: readonly (readonly [asked: RegExp, unit: RegExp])[] = [
  [/^(?:price|cost|amount|fee|salary|budget|fare|revenue|total|payment|wage)$/, /^(?:money|rate)$/],
  [/^(?:percent|percentage|share|rate|ratio|probability|discount)$/, /^%$/],
  [/^(?:age|years?)$/, /^years?$/],
  [/^(?:duration|time|length)$/, /^(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)$/],
  [/^(?:weight|mass)$/, /^(?:kg|g|grams?|kilos?|kilograms?|pounds?|lbs?|tons?|tonnes?)$/],
  [
    /^(?:distance|height|width|depth|length)$/,
    /^(?:m|cm|mm|km|meters?|metres?|kilometers?|kilometres?|miles?|feet|ft|inch(?:es)?)$/,
  ],
  [/^(?:temperature)$/, /^(?:°|°c|°f|degrees?|celsius|fahrenheit)$/],
];
const COUNT = /^(?:quantity|qty|count|number|pieces)$/;
const NO_COUNT = /^(?:money|rate|%|)$/;
const YEAR = /^(?:1[5-9]|20)\d\d$/;
const OF_UNIT = 3;
const OF_NAME = 2;

interface Found {
  readonly quantity: Quantity;
  readonly score: number;
}

/** The number that a property asks for: the quantity nearest to its words. */
export const numberFor = (topic: Topic, schema: JsonSchema, evidence: Evidence): number | undefined =>
  numbersFor(topic, schema, evidence)[0];

/** All numbers that may be meant, the likeliest first. */
export function numbersFor(topic: Topic, schema: JsonSchema, evidence: Evidence): readonly number[] {
  const told = labelled(topic, evidence).flatMap((value) => quantities(value, 0));
  const meant = evidence.sentences
    .flatMap((sentence) => found(sentence, topic, evidence))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return [...told, ...meant.map(({ quantity }) => quantity)].map(({ value }) => value).filter(fits(schema));
}

/** A number that stands alone, of nothing in particular ("Bob is 25"), needs no words. */
export function onlyNumber(schema: JsonSchema, { sentences }: Evidence): number | undefined {
  const all = sentences.flatMap((sentence) => sentence.quantities);
  const [only] = all.filter(({ unit, value }) => unit === '' && fits(schema)(value));
  return all.length === 1 ? only?.value : undefined;
}

function found(sentence: Sentence, topic: Topic, { known }: Evidence): readonly Found[] {
  const near = sentence.words.filter(({ stem: word }) => topic.terms.has(word) || topic.about.has(word));
  return sentence.quantities.map((quantity) => {
    const unit = unitFits(quantity, topic) ? OF_UNIT : 0;
    const words = near.map((word) => {
      const worth = (topic.terms.has(word.stem) ? OF_NAME : 1) * known.weight(word.stem);
      return worth / (1 + distance(quantity, word) / 20);
    });
    return { quantity, score: unit + Math.max(0, ...words) };
  });
}

function distance(quantity: Quantity, word: { readonly start: number; readonly end: number }): number {
  return Math.max(0, word.start - quantity.end, quantity.start - word.end);
}

function unitFits({ unit, written }: Quantity, { name, terms }: Topic): boolean {
  if (unit !== '' && terms.has(stem(unit))) return true;
  if (name.includes('year') && YEAR.test(written)) return true;
  if (name.some((word) => COUNT.test(word)) && !NO_COUNT.test(unit)) return true;
  return UNITS.some(([asked, meant]) => name.some((word) => asked.test(word)) && meant.test(unit));
}

const limit = (value: unknown, open: number): number => (typeof value === 'number' ? value : open);

/** Whether a number is one that a schema takes. */
const fits =
  (schema: JsonSchema) =>
  (value: number): boolean => {
    const whole = schema.type === 'integer' || [schema.type].flat().includes('integer');
    const step = limit(schema['multipleOf'], 0);
    return (
      Number.isFinite(value) &&
      (!whole || Number.isInteger(value)) &&
      value >= limit(schema['minimum'], Number.NEGATIVE_INFINITY) &&
      value <= limit(schema['maximum'], Number.POSITIVE_INFINITY) &&
      value > limit(schema['exclusiveMinimum'], Number.NEGATIVE_INFINITY) &&
      value < limit(schema['exclusiveMaximum'], Number.POSITIVE_INFINITY) &&
      (step === 0 || Number.isInteger(value / step))
    );
  };
