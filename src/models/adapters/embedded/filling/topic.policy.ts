import type { JsonSchema } from '../../../json-schema.js';
import { terms, type Word, words } from '../text/words.policy.js';
import { HINTS, type Hint } from './hints.lexicon.js';

/** What a property asks for, in words. */
export interface Topic {
  /** The words of its name, lower case and in order. */
  readonly name: readonly string[];
  /** Stems of its name. */
  readonly terms: ReadonlySet<string>;
  /** Stems of its description. */
  readonly about: ReadonlySet<string>;
  /** Words of its name, its description and what it belongs to. */
  readonly context: readonly string[];
  readonly hint: Hint | undefined;
}

const LONGEST = 500;

/** `unitPrice`, `unit_price` and `UnitPrice` are two words. */
export const wordsOfName = (name: string): readonly string[] =>
  name
    .slice(0, LONGEST)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const wordsIn = (text: string): readonly Word[] => words(text.slice(0, LONGEST), 0);

export function topicOf(name: string, schema: JsonSchema, within: Topic | undefined): Topic {
  const own = wordsOfName(name);
  const described = wordsIn(schema.description ?? '');
  return {
    name: own,
    terms: terms(wordsIn(own.join(' '))),
    about: terms(described),
    context: [...own, ...described.map(({ lower }) => lower), ...(within?.context ?? [])],
    hint: hintOf(
      own,
      described.map(({ lower }) => lower),
      schema['format'],
    ),
  };
}

/** The format decides, then the name, then the description; of a name its last words say what it is. */
function hintOf(name: readonly string[], described: readonly string[], format: unknown): Hint | undefined {
  const byFormat = HINTS.find(({ formats }) => typeof format === 'string' && formats.includes(format));
  if (byFormat !== undefined) return byFormat.hint;
  for (const word of [...name].reverse()) {
    const found = HINTS.find((each) => each.names.has(word));
    if (found !== undefined) return found.hint;
  }
  return HINTS.find((each) => each.told && described.some((word) => each.names.has(word)))?.hint;
}
