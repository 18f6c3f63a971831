import type { Sentence } from '../reading/source.js';
import { POINTERS } from '../text/stop-words.lexicon.js';
import { terms, words } from '../text/words.policy.js';
import type { Drafted, Support } from './draft.js';
import { coverage, sharedTerms, type Vocabulary } from './vocabulary.policy.js';

/** How telling each term of a name is among the names it stands beside; 0 for what all of them share. */
export type Telling = ReadonlyMap<string, number>;

const NONE: Support = { strength: 0, shared: [] };
const LOOK_BACK = [0.6, 0.42] as const;

const stronger = (a: Support, b: Support): Support => (b.strength > a.strength ? b : a);

const pointsBack = (sentence: Sentence): boolean => {
  const first = sentence.words[0]?.lower;
  return (first !== undefined && POINTERS.has(first)) || /^\p{L}+ of (?:them|these|those)\b/iu.test(sentence.text);
};

/** Together by place: one sentence, one paragraph or bullet, or the next sentence pointing back. */
function byPlace(a: Sentence, b: Sentence): number {
  if (a === b) return 0.62;
  if (a.source !== b.source) return 0;
  const distance = b.order - a.order;
  if (distance === 1 && pointsBack(b)) return 0.55;
  if (a.block !== b.block) return Math.abs(distance) === 1 ? 0.2 : 0;
  if (a.place === 'item') return 0.6;
  if (Math.abs(distance) <= 1) return 0.34;
  return Math.abs(distance) <= 3 ? 0.24 : 0.15;
}

/**
 * Together by words: how much of what names one is mentioned where the other stands. A single term can be enough when it is
 * the one that tells the name from its neighbours.
 */
function byMention(telling: Telling, sentence: Sentence): Support {
  let total = 0;
  let covered = 0;
  let best = 0;
  let most = 0;
  const shared: string[] = [];
  for (const [term, weight] of telling) {
    total += weight;
    most = Math.max(most, weight);
    if (!sentence.terms.has(term) || weight === 0) continue;
    covered += weight;
    best = Math.max(best, weight);
    shared.push(term);
  }
  if (shared.length === 0 || most === 0) return NONE;
  return { strength: 0.3 + 0.55 * Math.max(covered / total, 0.45 * (best / most) ** 2), shared };
}

/** Together by heading: the text stands under a heading that names the other. */
function byTopic(names: ReadonlySet<string>, sentence: Sentence, vocabulary: Vocabulary): Support {
  if (sentence.topic === undefined) return NONE;
  const topic = terms(words(sentence.topic, 0));
  const share = coverage(topic, names, vocabulary);
  return share < 0.5 ? NONE : { strength: 0.5 + 0.3 * share, shared: sharedTerms(topic, names) };
}

/** Nothing in the sentence itself: what the sentences before it in the same paragraph were about still holds, less and less. */
function byContinuation(telling: Telling, sentence: Sentence): Support {
  let best: Support = NONE;
  let at = sentence.previous;
  for (const fading of LOOK_BACK) {
    if (at === undefined) return best;
    const { strength } = byMention(telling, at);
    best = stronger(best, { strength: strength * fading, shared: [] });
    at = at.previous;
  }
  return best;
}

/** Of several things, the terms of each with their weight; what most of them share tells little. */
export function telling(all: readonly Drafted[], vocabulary: Vocabulary): readonly Telling[] {
  return all.map(({ names }) => {
    const weighed = new Map<string, number>();
    for (const term of names) {
      const among = all.filter((other) => other.names.has(term)).length;
      const common = all.length > 1 && among === all.length;
      weighed.set(term, common ? 0 : vocabulary.weight(term) / among);
    }
    return weighed;
  });
}

/** How strongly the text connects `named` (an option, a goal …) with `said` (what is said to follow, threaten or limit). */
export function support(named: Drafted, tells: Telling, said: Drafted, vocabulary: Vocabulary): Support {
  let best: Support = NONE;
  for (const { sentence } of [said.candidate, ...said.echoes.slice(0, 3)]) {
    best = stronger(best, { strength: byPlace(named.candidate.sentence, sentence), shared: [] });
    best = stronger(best, byTopic(named.names, sentence, vocabulary));
    if (sentence === named.candidate.sentence) continue;
    best = stronger(best, byMention(tells, sentence));
    best = stronger(best, byContinuation(tells, sentence));
  }
  return stronger(best, byMeasure(named, said, vocabulary));
}

/** A table column is named by what it measures: it belongs to the statements that speak of that. */
function byMeasure(named: Drafted, said: Drafted, vocabulary: Vocabulary): Support {
  if (said.candidate.via.by !== 'table') return NONE;
  const spoken = new Set([...named.candidate.terms, ...named.candidate.sentence.terms]);
  const share = coverage(said.candidate.terms, spoken, vocabulary);
  return share < 0.3 ? NONE : { strength: 0.3 + 0.45 * share, shared: sharedTerms(said.candidate.terms, spoken) };
}
