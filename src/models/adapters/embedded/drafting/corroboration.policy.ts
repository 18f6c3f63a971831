import { type Candidate, candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import type { Chosen } from './selection.policy.js';
import { coverage, sharedTerms, type Vocabulary } from './vocabulary.policy.js';

const LEAST_COMMON = 3;
const LEAST_COVERED = 0.6;
const MOST = 2;

const says = (sentence: Sentence, { terms }: Candidate, vocabulary: Vocabulary): boolean =>
  sharedTerms(terms, sentence.terms).length >= LEAST_COMMON &&
  coverage(terms, sentence.terms, vocabulary) >= LEAST_COVERED;

/** The choice with the document sentences that say the same, whatever kind of statement they would make by themselves. */
export function corroborated(chosen: Chosen, documents: readonly Sentence[], vocabulary: Vocabulary): Chosen {
  const { candidate: own, echoes } = chosen;
  if (own.sentence.source.kind !== 'brief' || /^(?:inferred|dispute)$/.test(own.via.by)) return chosen;
  const heard = new Set(echoes.map(({ sentence }) => sentence));
  const found = documents.filter((each) => !heard.has(each) && says(each, own, vocabulary)).slice(0, MOST);
  const via = { by: 'cue', words: own.via.words } as const;
  const more = found.flatMap((sentence) => {
    const span = { start: 0, end: sentence.text.length };
    return candidate(sentence, { kind: own.kind, span, score: own.score, via }) ?? [];
  });
  return more.length === 0 ? chosen : { candidate: own, echoes: [...echoes, ...more] };
}
