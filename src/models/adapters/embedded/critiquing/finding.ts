import type { CritiqueLevel } from '../../../tasks/critique-graph.schema.js';
import type { Plan } from '../drafting/plan.policy.js';
import type { Vocabulary } from '../drafting/vocabulary.policy.js';
import type { Drawing } from './drawing.js';

/** What a remark is about; a caller may ask for one of these first. */
export type Area = 'structure' | 'completeness' | 'feasibility' | 'provenance';

/** One thing that is wrong with a graph, in its own words. */
export interface Finding {
  readonly level: CritiqueLevel;
  readonly area: Area;
  readonly note: string;
  /** Id of the node or edge; nothing when it is the whole graph. */
  readonly target?: string;
  /** One change that mends it. */
  readonly fix: string;
}

/** What the brief says, as far as a graph is measured by it. */
export interface BriefReading {
  /** On one line. */
  readonly text: string;
  /** Its sentences, each behind the label it stands under: "Budget: 100,000 euros". */
  readonly statements: readonly string[];
  readonly plan: Plan;
  readonly terms: ReadonlySet<string>;
  readonly vocabulary: Vocabulary;
}

/** What there is to look at. */
export interface View {
  readonly drawing: Drawing;
  readonly brief: BriefReading | undefined;
}

/** Looks for one kind of fault. */
export type Check = (view: View) => readonly Finding[];
