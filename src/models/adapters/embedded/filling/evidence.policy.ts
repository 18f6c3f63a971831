import { wordsOf } from '../../../messages.policy.js';
import type { ChatMessage } from '../../../provider.port.js';
import { type Vocabulary, vocabulary } from '../drafting/vocabulary.policy.js';
import { read } from '../reading/reading.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { clean } from '../text/clean.policy.js';
import { terms, words } from '../text/words.policy.js';
import { readable } from './readable.policy.js';

/** `Key: value`, as people fill in forms. */
export interface Pair {
  readonly terms: ReadonlySet<string>;
  readonly value: string;
}

/** What is read for values: sentences that say something, not those that ask for something. */
export interface Evidence {
  readonly sentences: readonly Sentence[];
  readonly pairs: readonly Pair[];
  /** The whole texts, orders included: what is told by its form may stand there, too. */
  readonly texts: readonly string[];
  readonly known: Vocabulary;
}

/** Enough for any document of ordinary size; the latest words count. */
const MOST_SENTENCES = 1_000;
const MOST_PAIRS = 1_000;
const LONGEST_VALUE = 2_000;
const PAIR = /^[\s>*•-]{0,8}([\p{L}][\p{L}\p{N} _'’()/-]{0,50}?)\*{0,2}\s?[:=]\s?\*{0,2}\s?(\S.*)$/u;
const ORDER =
  /^(?:please\s)?(?:extract|classify|categori[sz]e|summari[sz]e|return|respond|reply|output|identify|analy[sz]e|convert|parse|translate|format|fill|you are|you will|you must|your task)\b/iu;
/** Speaks of the answer's form, not of the matter. */
const OF_FORM = /\b(?:json|schema)\b/iu;
/** Orders when they open a message; further on they may be part of what it tells. */
const OPENING =
  /^(?:please\s)?(?:give|list|generate|write|tell|answer|find|determine|describe|use|provide|produce|create|make|do not|what|who|when|where|how)\b/iu;

/** What follows "Extract the event:" in a message is the material. */
const INTRODUCED = /^[^.?!\n:]{3,120}:\s/u;

const original = ({ source, span }: Sentence): string => source.original.slice(span.start, span.end);

/** The words of a sentence as they were written, on one line. */
export const writtenOf = (sentence: Sentence): string => original(sentence).replace(/\s+/gu, ' ').trim();

const isOrder = (text: string, opening: boolean): boolean =>
  ORDER.test(text) || OF_FORM.test(text) || (opening && OPENING.test(text));

const says = ({ question, addressed, text, span }: Sentence): boolean =>
  !question && !addressed && !isOrder(text.trimStart(), span.start === 0);

/** Reads texts a paragraph at a time, so that the caller may pause between them. */
export function* evidenceOf(texts: readonly string[]): Generator<undefined, Evidence> {
  const sources = texts.map(sourceOf);
  const all: Sentence[] = [];
  for (const block of read(sources)) {
    all.push(...block);
    yield undefined;
  }
  const sentences = all.filter(says).slice(-MOST_SENTENCES);
  return { sentences, texts, pairs: texts.flatMap(pairsIn).slice(-MOST_PAIRS), known: vocabulary(sentences) };
}

/** The evidence of one part of a text, read by itself. */
export function partOf(text: string): Evidence {
  const steps = evidenceOf([text]);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

const sourceOf = (text: string, index: number): Source => ({
  id: `text-${index}`,
  kind: 'brief',
  name: '',
  original: text,
  cleaned: clean(text),
});

function pairsIn(text: string): readonly Pair[] {
  return text.split('\n').flatMap((line) => {
    const parts = line.split(/[,;]\s/).flatMap(pairIn);
    return parts.length > 1 ? parts : pairIn(line);
  });
}

function pairIn(text: string): readonly Pair[] {
  const [, key = '', value = ''] = PAIR.exec(text.slice(0, LONGEST_VALUE)) ?? [];
  const named = terms(words(key.replaceAll('_', ' '), 0));
  return named.size === 0 || isOrder(key, true) ? [] : [{ terms: named, value: value.replace(/[\s*.;,]+$/u, '') }];
}

/** What users and tools said, the newest message last; what stands before a colon in an order is none of it. */
export const materialOf = (messages: readonly ChatMessage[]): readonly string[] =>
  messages.flatMap((message) =>
    message.role === 'user' || message.role === 'tool' ? [withoutOrder(readable(wordsOf(message)))] : [],
  );

/** What instructs the model, or came from one: read only where the others say nothing. */
export const backgroundOf = (messages: readonly ChatMessage[]): readonly string[] =>
  messages.flatMap((message) =>
    message.role === 'system' || message.role === 'assistant' ? [withoutOrder(wordsOf(message))] : [],
  );

function withoutOrder(text: string): string {
  const introduction = INTRODUCED.exec(text)?.[0] ?? '';
  return isOrder(introduction, true) ? text.slice(introduction.length) : text;
}
