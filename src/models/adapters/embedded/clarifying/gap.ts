import type { ProposedQuestion } from '../../../tasks/clarify-brief.schema.js';
import type { Plan } from '../drafting/plan.policy.js';
import type { Vocabulary } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';

/** Something a brief leaves open. */
export interface Gap extends ProposedQuestion {
  /** How much a draft suffers from it, 0 to 1. */
  readonly weight: number;
}

/** All that is known: the brief, and what was answered so far. Orders to the reader are no part of it. */
export interface Known {
  readonly brief: readonly Sentence[];
  /** The brief and the answers. */
  readonly said: readonly Sentence[];
  readonly plan: Plan;
  readonly vocabulary: Vocabulary;
  /** What is to be decided, in words of the brief and in quotation marks. */
  readonly subject: string;
}

/** Looks for one kind of gap. */
export type Search = (known: Known) => readonly Gap[];
