import type { JsonSchema } from '../../../json-schema.js';
import { wordsOf } from '../../../messages.policy.js';
import type { ChatMessage, TextFormat } from '../../../provider.port.js';
import { UpstreamError } from '../../../upstream-error.js';
import { answers } from '../answering/answer.policy.js';
import { sharedTerms } from '../drafting/vocabulary.policy.js';
import { clip } from '../text/clip.policy.js';
import { backgroundOf, type Evidence, evidenceOf, materialOf, writtenOf } from './evidence.policy.js';
import { Filling, type FreeText } from './filling.js';
import { checkedSchema } from './schema-check.policy.js';

const MOST_NAMED = 10;
const LONGEST_PATH = 80;
const MOST_KEYS = 50;
const MOST_OF_A_GIST = 3;
/** Where a message says which members it wants. */
const ASKS_FOR = /\b(?:json|keys?|fields?|propert(?:y|ies)|members?)\b/iu;
const KEY = /["'`“]([\p{L}_][\p{L}\p{N}_-]{0,40})["'`”]/gu;

/**
 * An answer in the form that is asked for, filled with what the conversation says, step by step.
 *
 * @throws {UpstreamError} `unfit`, naming what the schema requires and the conversation does not tell
 */
export function* formed(format: TextFormat, messages: readonly ChatMessage[]): Generator<undefined, unknown> {
  const schema = format.type === 'json' ? shapeAsked(messages) : checkedSchema(format.schema);
  const evidence = [yield* evidenceOf(materialOf(messages)), yield* evidenceOf(backgroundOf(messages))];
  const name = format.type === 'json' ? '' : format.name;
  const outcome = yield* new Filling(schema, () => freeText(messages, evidence)).fill(name, evidence);
  if (outcome.known) return outcome.value;
  const missing = outcome.missing.slice(0, MOST_NAMED).map((path) => clip(path || '/', LONGEST_PATH));
  throw new UpstreamError('unfit', `Nothing in the conversation tells what the schema requires: ${missing.join(', ')}`);
}

function* freeText(messages: readonly ChatMessage[], evidence: readonly Evidence[]): Generator<undefined, FreeText> {
  const answer = yield* answerTo(messages);
  return { answer, summary: answer ?? gistOf(evidence) };
}

function* answerTo(messages: readonly ChatMessage[]): Generator<undefined, string | undefined> {
  const said: string[] = [];
  for (const sentence of answers(messages)) {
    yield undefined;
    if (sentence !== undefined) said.push(sentence);
  }
  return said.length === 0 ? undefined : said.join(' ');
}

/** The sentences that speak most of what the text is about, in their order. */
function gistOf([material]: readonly Evidence[]): string | undefined {
  if (material === undefined || material.sentences.length === 0) return undefined;
  const key = new Set(material.known.key);
  const worth = new Map(material.sentences.map((each) => [each, sharedTerms(key, each.terms).length]));
  const best = material.sentences
    .toSorted((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0))
    .slice(0, MOST_OF_A_GIST);
  return best
    .sort((a, b) => a.order - b.order)
    .map(writtenOf)
    .join(' ');
}

/** JSON of no given shape has the members that the messages name, or else the answer alone. */
function shapeAsked(messages: readonly ChatMessage[]): JsonSchema {
  const asking = messages
    .filter(({ role }) => role === 'system' || role === 'user')
    .flatMap((message) => wordsOf(message).split(/\n|[.!?]\s/u))
    .filter((sentence) => ASKS_FOR.test(sentence));
  const keys = asking.flatMap((sentence) => Array.from(sentence.matchAll(KEY), ([, key = '']) => key));
  const named = [...new Set(keys)].slice(0, MOST_KEYS);
  const members = named.length === 0 ? ['answer'] : named;
  return { type: 'object', properties: Object.fromEntries(members.map((key) => [key, {}])), required: members };
}
