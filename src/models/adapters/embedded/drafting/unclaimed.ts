import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import type { Vocabulary } from './vocabulary.policy.js';

/** What may stand for a goal: sentences, the statements that are already something else, and what is open. */
export interface Unclaimed {
  readonly sentences: readonly Sentence[];
  readonly taken: readonly Candidate[];
  /** The options that the text names; their opposites are not among them. */
  readonly options: readonly Candidate[];
  readonly decision: Candidate | undefined;
  readonly vocabulary: Vocabulary;
}
