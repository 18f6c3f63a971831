import type { Sentence } from '../reading/source.js';
import { FRAMING, MEASURES } from '../text/stop-words.lexicon.js';
import { terms, words } from '../text/words.policy.js';

const POINTING_BACK = /^(?:it|its|they|them|their|this|these|those)$/;

const isTelling = (term: string): boolean => !/^\d/.test(term) && !MEASURES.has(term) && !FRAMING.has(term);

/**
 * The terms a sentence is about: its own, those of what it stands under, and those of the sentence before when it points back.
 * Numbers, measures and the words that only say what kind of statement it is tell nothing.
 */
export function topicsOf(sentence: Sentence): ReadonlySet<string> {
  const { topic = '', section, previous } = sentence;
  const pointed = sentence.words.some(({ lower }) => POINTING_BACK.test(lower)) ? (previous?.terms ?? []) : [];
  const above = terms(words(`${topic} ${section?.title ?? ''}`, 0));
  return new Set([...sentence.terms, ...above, ...pointed].filter(isTelling));
}
