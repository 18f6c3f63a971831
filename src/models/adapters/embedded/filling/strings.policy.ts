import type { JsonSchema } from '../../../json-schema.js';
import type { Sentence } from '../reading/source.js';
import { clip } from '../text/clip.policy.js';
import { terms, words } from '../text/words.policy.js';
import { type Evidence, writtenOf } from './evidence.policy.js';
import { hasForm, ofForm } from './forms.policy.js';
import { THINGS } from './hints.lexicon.js';
import { shaped } from './matching.policy.js';
import { counted, persons, places, quoted, things } from './names.policy.js';
import { complement, statement, subject } from './phrases.policy.js';
import { labelled, relevant } from './relevance.policy.js';
import type { Topic } from './topic.policy.js';

const CALLED =
  /\b(?:called|named|my name is|this is|i am|i'm)\s(?:the\s)?([\p{Lu}\d][\p{L}\p{N}’'-]{0,30}(?:\s\p{Lu}[\p{L}’'-]{1,30}){0,3})/iu;
const REASON = /\b(?:because(?:\sof)?|due to|since|as a result of|so that)\s(.{3,200}?)(?=[.;!?]|$)/iu;
const ABOUT = /\b(?:about|regarding|concerning)\s(?:the\s)?(.{2,80}?)(?=[.,;!?]|\s(?:on|at|with|because|and)\s|$)/iu;
const LONGEST_TITLE = 80;
const MOST_TRIED = 40;

/** The words that a property asks for; `undefined` when nothing tells them. */
export function stringFor(topic: Topic, schema: JsonSchema, evidence: Evidence): string | undefined {
  let tried = 0;
  for (const candidate of candidates(topic, evidence)) {
    const value = shaped(candidate, schema);
    if (value !== undefined) return value;
    tried += 1;
    if (tried === MOST_TRIED) return undefined;
  }
  return undefined;
}

/** All that a property asks for one of, the most likely first. */
function* candidates(topic: Topic, evidence: Evidence): Generator<string> {
  const { hint } = topic;
  if (hint !== undefined && hasForm(hint)) return yield* formed(topic, evidence);
  yield* labelled(topic, evidence);
  const found = relevant(topic, evidence);
  for (const sentence of found) yield* [complement(sentence, topic), subject(sentence, topic)].filter(isText);
  if (hint === 'reason') return yield* reasons(evidence, found);
  if (hint === 'title') return yield* titles(evidence.sentences);
  const named = namesFor(topic, evidence);
  if (named !== undefined) return yield* named;
  yield* statements(topic, evidence, found);
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** A statement that is no more than the words asked with says nothing. */
export const statements = (topic: Topic, evidence: Evidence, found: readonly Sentence[]): readonly string[] =>
  found
    .map((sentence) => statement(sentence, topic, evidence))
    .filter((text) => [...terms(words(text, 0))].some((term) => !topic.terms.has(term)));

/** Values that are told by their form: first where they are spoken of, then wherever they stand. */
export function* formed(topic: Topic, evidence: Evidence): Generator<string> {
  const { hint } = topic;
  if (hint === undefined) return;
  for (const value of labelled(topic, evidence)) yield* ofForm(hint, value);
  for (const sentence of relevant(topic, evidence)) yield* ofForm(hint, writtenOf(sentence));
  for (const text of evidence.texts) yield* ofForm(hint, text);
}

/** Names of the kind that is asked for; `undefined` when no name is. */
export function namesFor(topic: Topic, { sentences }: Evidence): readonly string[] | undefined {
  if (topic.hint === 'person') return sentences.flatMap(persons);
  if (topic.hint === 'place') return sentences.flatMap(places);
  if (topic.hint === 'thing')
    return sentences.flatMap((sentence) => [...quoted(sentence), ...counted(sentence), ...things(sentence)]);
  if (topic.hint !== 'name') return undefined;
  const called = sentences.flatMap((sentence) => CALLED.exec(writtenOf(sentence))?.[1] ?? []);
  const own = topic.context.some((word) => THINGS.has(word))
    ? [...sentences.flatMap(quoted), ...sentences.flatMap(things), ...sentences.flatMap(persons)]
    : [...sentences.flatMap(persons), ...sentences.flatMap(quoted), ...sentences.flatMap(things)];
  return [...called, ...own];
}

function reasons({ sentences }: Evidence, found: readonly Sentence[]): readonly string[] {
  return [...found, ...sentences].flatMap((sentence) => REASON.exec(writtenOf(sentence))?.[1] ?? []);
}

function titles(sentences: readonly Sentence[]): readonly string[] {
  const heading = sentences.find(({ place }) => place === 'heading' || place === 'subject') ?? sentences[0];
  const about = sentences.flatMap((sentence) => ABOUT.exec(writtenOf(sentence))?.[1] ?? []);
  return heading === undefined ? [] : [...about, clip(writtenOf(heading).replace(/[.:]$/u, ''), LONGEST_TITLE)];
}
