import { wordsOf } from '../../../messages.policy.js';
import type { ChatMessage } from '../../../provider.port.js';
import { type Vocabulary, vocabulary } from '../drafting/vocabulary.policy.js';
import { read } from '../reading/reading.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { clean } from '../text/clean.policy.js';
import { wholeUnits } from '../text/clip.policy.js';
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
/** Characters read in one step, and how many such steps: the last ones. */
const LONGEST_PIECE = 8_000;
const MOST_PIECES = 16;
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
  const pieces = texts.flatMap(piecesOf).slice(-MOST_PIECES);
  const all: Sentence[] = [];
  for (const block of read(pieces.map(sourceOf))) {
    for (const sentence of block) all.push(sentence);
    yield undefined;
  }
  const sentences = all.filter(says).slice(-MOST_SENTENCES);
  return { sentences, texts: pieces, pairs: pieces.flatMap(pairsIn).slice(-MOST_PAIRS), known: vocabulary(sentences) };
}

/** The evidence of one part of a text, read by itself. */
export function partOf(text: string): Evidence {
  const steps = evidenceOf([text]);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** A paragraph is read in one go: a long one is cut, so that none takes long. */
function piecesOf(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.length - at > LONGEST_PIECE ? cutBefore(text, at + LONGEST_PIECE) : text.length;
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

/** At the end of a line, a sentence or a word, where there is one near. */
function cutBefore(text: string, at: number): number {
  const mark = ['\n', '. ', ' ']
    .map((each) => text.lastIndexOf(each, at))
    .find((index) => index > at - LONGEST_PIECE / 2);
  return mark === undefined ? wholeUnits(text, at) : mark + 1;
}

const sourceOf = (text: string, index: number): Source => ({
  id: `text-${index}`,
  kind: 'brief',
  name: '',
  original: text,
  cleaned: clean(text),
});

function pairsIn(text: string): readonly Pair[] {
  const lines = text.split('\n').filter((line) => /[:=]/.test(line));
  return lines.slice(-MOST_PAIRS).flatMap((line) => {
    const parts = line.split(/[,;]\s/).flatMap(pairIn);
    return parts.length > 1 ? parts : pairIn(line);
  });
}

function pairIn(text: string): readonly Pair[] {
  const [, key = '', value = ''] = PAIR.exec(text.slice(0, LONGEST_VALUE)) ?? [];
  if (key === '') return [];
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
