import { type Candidate, candidate } from '../reading/candidate.policy.js';
import { cueCandidates } from '../reading/cue-candidates.policy.js';
import { foreignCandidates } from '../reading/foreign-candidates.policy.js';
import { placeCandidates } from '../reading/place-candidates.policy.js';
import type { Sentence } from '../reading/source.js';
import { toneCandidates } from '../reading/tone-candidates.policy.js';

function asConstraint(sentence: Sentence): readonly Candidate[] {
  const via = { by: 'constraint', words: sentence.text } as const;
  const found = candidate(sentence, { kind: 'factor', span: { start: 0, end: sentence.text.length }, score: 4, via });
  return found === undefined ? [] : [{ ...found, hedge: undefined }];
}

/** A statement under a heading of its own kind is surer, under a heading of another kind less so. */
function underHeading(found: Candidate): Candidate {
  const section = found.sentence.section?.kind;
  if (section === undefined || found.via.by === 'section') return found;
  const bonus = section === found.kind ? 0.8 : section === 'factor' || section === 'decision' ? 0 : -0.6;
  return { ...found, score: found.score + bonus };
}

/** Everything a sentence may contribute. Orders to the reader contribute nothing. */
export function candidatesOf(sentence: Sentence): readonly Candidate[] {
  if (sentence.addressed) return [];
  if (sentence.source.kind === 'constraint') return asConstraint(sentence);
  if (sentence.words.length < 2) return [];
  return [
    ...cueCandidates(sentence),
    ...placeCandidates(sentence),
    ...toneCandidates(sentence),
    ...foreignCandidates(sentence),
  ].map(underHeading);
}
