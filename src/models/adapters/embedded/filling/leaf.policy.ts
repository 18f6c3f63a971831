import type { JsonSchema } from '../../../json-schema.js';
import { choiceFor, spokenOf } from './choices.policy.js';
import type { Evidence } from './evidence.policy.js';
import { numberFor, onlyNumber } from './numbers.policy.js';
import { saidFor } from './said.policy.js';
import { stringFor } from './strings.policy.js';
import { kindOf, valuesOf } from './subset.policy.js';
import type { Topic } from './topic.policy.js';

/** A place of a schema that holds one value. */
interface Leaf {
  readonly schema: JsonSchema;
  readonly topic: Topic;
  /** Nothing need be known: it is better to say so than to guess. */
  readonly open: boolean;
}

/** The value that the text tells; `undefined` when it tells none. */
export function leafValue({ schema, topic, open }: Leaf, evidence: Evidence): unknown {
  const kind = kindOf(schema);
  if (kind === 'choice') return choiceFor(topic, valuesOf(schema), evidence);
  if (kind === 'boolean') return saidFor(topic, evidence);
  if (kind === 'number' || kind === 'integer')
    return numberFor(topic, schema, evidence) ?? (open ? undefined : onlyNumber(schema, evidence));
  if (kind === 'string') return stringFor(topic, schema, evidence);
  return stringFor(topic, schema, evidence) ?? numberFor(topic, schema, evidence);
}

/** A constant is always known; that it was meant is told by the text alone. */
export function toldBy({ schema, topic }: Leaf, evidence: Evidence): number {
  const constant = kindOf(schema) === 'choice' && valuesOf(schema).length === 1;
  return constant && spokenOf(topic, valuesOf(schema), evidence).length === 0 ? 0 : 1;
}
