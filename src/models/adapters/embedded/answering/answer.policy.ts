import { wordsOf } from '../../../messages.policy.js';
import type { TextRequest } from '../../../provider.port.js';
import { coverage, sharedTerms, type Vocabulary, vocabulary } from '../drafting/vocabulary.policy.js';
import { read } from '../reading/reading.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { clean } from '../text/clean.policy.js';
import { clip } from '../text/clip.policy.js';

type Message = TextRequest['messages'][number];

const MOST = 4;
const RELEVANT = 0.12;
const ASKING = 'asking';

/** What a question asks for, and what an answer to it holds. */
const ASKED: readonly (readonly [RegExp, RegExp])[] = [
  [/\bhow (?:much|many|long|often|far|old|big)\b/iu, /\d/u],
  [
    /\b(?:when|by what date|what date|deadline)\b/iu,
    /\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday)\b/iu,
  ],
  [/\b(?:who|whose|whom)\b/iu, /(?<=\S\s)\p{Lu}\p{Ll}/u],
  [/\bwhy\b/iu, /\b(?:because|since|due to|so that|therefore|as a result)\b/iu],
];

const INTRODUCED = /^[^.?!\n]{3,80}:\s/u;

function sourceOf(id: string, role: Message['role'], content: string): Source {
  const kind = role === 'user' ? 'brief' : 'document';
  return { id, kind, name: role, original: content, cleaned: clean(content) };
}

/** The last user message asks; what follows "Summarise this:" in it is material like the other messages. */
function sourcesOf(messages: readonly Message[]): readonly Source[] {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  return messages.flatMap((message, index) => {
    const { role } = message;
    const content = wordsOf(message);
    if (index !== last) return [sourceOf(`message-${index + 1}`, role, content)];
    const length = INTRODUCED.exec(content)?.[0].length ?? content.length;
    const asked = sourceOf(ASKING, role, content.slice(0, length));
    return length === content.length ? [asked] : [asked, sourceOf('given', role, content.slice(length))];
  });
}

/** The words that are to be answered: the last question the user asks, or else the first sentence of the last message. */
function questionOf(own: readonly Sentence[]): Sentence | undefined {
  return own.findLast(({ question }) => question) ?? own[0];
}

function worth(each: Sentence, question: Sentence, known: Vocabulary): number {
  const common = coverage(question.terms, each.terms, known);
  const kind = ASKED.find(([asks]) => asks.test(question.text));
  const fits = kind !== undefined && common > 0 && kind[1].test(each.text) ? 0.25 : 0;
  return common + fits;
}

function central(each: Sentence, known: Vocabulary): number {
  return sharedTerms(new Set(known.key), each.terms).length / Math.sqrt(4 + each.terms.size);
}

function chosen(material: readonly Sentence[], question: Sentence, known: Vocabulary): readonly Sentence[] {
  const score = new Map(material.map((each) => [each, worth(each, question, known)]));
  const best = [...material].sort((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0) || a.order - b.order);
  const bar = Math.max(RELEVANT, 0.5 * (score.get(best[0] ?? question) ?? 0));
  const relevant = best.filter((each) => (score.get(each) ?? 0) >= bar).slice(0, MOST);
  if (relevant.length > 0 || !question.text.endsWith(':')) return relevant;
  return [...material].sort((a, b) => central(b, known) - central(a, known) || a.order - b.order).slice(0, MOST);
}

/**
 * The sentences of the conversation that answer its last user message, copied literally and in their order, one by one.
 *
 * @returns the question, when no sentence has anything to do with it
 */
export function* answers(messages: readonly Message[]): Generator<string | undefined, string | undefined> {
  const sentences: Sentence[] = [];
  for (const block of read(sourcesOf(messages))) {
    for (const sentence of block) sentences.push(sentence);
    yield undefined;
  }
  const question = questionOf(sentences.filter(({ source }) => source.id === ASKING || source.id === 'given'));
  if (question === undefined) return undefined;
  const material = sentences.filter((each) => each !== question && !each.question && each.words.length > 2);
  const found = chosen(material, question, vocabulary(sentences));
  for (const each of [...found].sort((a, b) => a.order - b.order))
    yield each.source.original.slice(each.span.start, each.span.end);
  return found.length === 0 ? question.text : undefined;
}

/** {@link answers}. Nothing is made up: when there are none, it says so and quotes the question. */
export function* answer(messages: readonly Message[]): Generator<string | undefined, void> {
  const unanswered = yield* answers(messages);
  if (unanswered !== undefined) yield `Nothing given here answers “${clip(unanswered.replace(/\s+/gu, ' '), 160)}”.`;
}
