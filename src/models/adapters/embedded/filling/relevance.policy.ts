import { coverage, sharedTerms } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import type { Evidence } from './evidence.policy.js';
import type { Topic } from './topic.policy.js';

const BY_NAME = 2;
/** Less than this part of a description says nothing about it. */
const RELEVANT = 0.34;
const MOST_RELEVANT = 60;

/** How much a sentence has to do with what is asked: 0 when nothing. */
export function relevance(sentence: Sentence, { terms, about }: Topic, { known }: Evidence): number {
  const named = coverage(terms, sentence.terms, known);
  const described = coverage(about, sentence.terms, known);
  return named > 0 || described >= RELEVANT ? BY_NAME * named + described : 0;
}

/** The sentences that have to do with what is asked, the most telling first. */
export function relevant(topic: Topic, evidence: Evidence): readonly Sentence[] {
  const scored = evidence.sentences.map((sentence) => ({ sentence, score: relevance(sentence, topic, evidence) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.sentence.order - b.sentence.order)
    .slice(0, MOST_RELEVANT)
    .map(({ sentence }) => sentence);
}

/** The value that was written behind the name of what is asked, as in a form. The fewest other words beside it win. */
export function labelled({ terms }: Topic, { pairs }: Evidence): readonly string[] {
  return pairs
    .filter((pair) => terms.size > 0 && sharedTerms(terms, pair.terms).length === terms.size)
    .sort((a, b) => a.terms.size - b.terms.size)
    .map(({ value }) => value);
}
