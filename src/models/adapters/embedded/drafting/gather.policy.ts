import type { Candidate } from '../reading/candidate.policy.js';
import { read } from '../reading/reading.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { candidatesOf } from './candidates.policy.js';
import { contradictions } from './contradiction.policy.js';
import type { Gathered } from './plan.policy.js';
import { tableCandidates } from './table-candidates.policy.js';
import { vocabulary } from './vocabulary.policy.js';

type Read = Omit<Gathered, 'vocabulary'>;

const PAUSE_AFTER = 8;

function* readAll(sources: readonly Source[]): Generator<undefined, Read> {
  const sentences: Sentence[] = [];
  const candidates: Candidate[] = [];
  let since = 0;
  for (const block of read(sources)) {
    for (const sentence of block) {
      sentences.push(sentence);
      candidates.push(...candidatesOf(sentence));
      since += 1;
      if (since % PAUSE_AFTER === 0) yield undefined;
    }
  }
  return { sentences, candidates };
}

/** Reads sources to the end: sentences, what each may contribute, and how telling their words are. Yields where it can be paused. */
export function* gather(sources: readonly Source[]): Generator<undefined, Gathered> {
  const { sentences, candidates } = yield* readAll(sources);
  const known = vocabulary(sentences);
  yield undefined;
  const brief = new Set(
    sentences.filter(({ source }) => source.kind !== 'document').flatMap(({ terms }) => [...terms]),
  );
  const measured = tableCandidates(sources, brief, known);
  yield undefined;
  const disputed = yield* contradictions(sentences, known);
  return { sentences, candidates: [...candidates, ...measured, ...disputed], vocabulary: known };
}
