import type { NodeKind } from '../../../draft-graph.schema.js';
import type { Quantity } from '../text/quantities.policy.js';
import type { Span } from '../text/sentences.policy.js';
import type { Word } from '../text/words.policy.js';

/** One text that is read. `table` is the summary of a CSV file, `constraint` one sentence of the caller's. */
export interface Source {
  readonly id: string;
  readonly kind: 'brief' | 'document' | 'table' | 'constraint';
  readonly name: string;
  readonly original: string;
  /** The original with markup blanked; the same length. */
  readonly cleaned: string;
}

/** What announces a statement: a heading, a lead-in, or a label in front of it. */
export interface Section {
  readonly kind: NodeKind;
  readonly title: string;
}

export type Place = 'prose' | 'item' | 'heading' | 'subject';

/** A sentence, with everything the later steps ask of it. Spans are offsets into the source. */
export interface Sentence {
  readonly source: Source;
  readonly span: Span;
  readonly text: string;
  readonly words: readonly Word[];
  readonly terms: ReadonlySet<string>;
  readonly quantities: readonly Quantity[];
  /** Above zero welcome, below zero unwelcome. */
  readonly tone: number;
  /** The first word that makes it uncertain. */
  readonly hedge: string | undefined;
  readonly question: boolean;
  /** Speaks to whoever processes the text instead of about the matter. Never obeyed, never drafted from. */
  readonly addressed: boolean;
  readonly place: Place;
  /** Ordinal of its paragraph or bullet over all sources. */
  readonly block: number;
  /** Also a further member of a list that stands on one line. */
  readonly firstOfBlock: boolean;
  readonly section: Section | undefined;
  /** The heading it stands under when that announces no kind: often the name of an option. */
  readonly topic: string | undefined;
  /** Ordinal over all sources. */
  readonly order: number;
  /** The sentence before it in the same paragraph or bullet. */
  readonly previous: Sentence | undefined;
}
