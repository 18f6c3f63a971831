import type { NodeKind } from '../../../draft-graph.schema.js';
import { clip } from '../text/clip.policy.js';
import { label } from '../text/label.policy.js';
import type { Quantity } from '../text/quantities.policy.js';
import type { Span } from '../text/sentences.policy.js';
import { HEDGES } from '../text/stop-words.lexicon.js';
import { tone } from '../text/tone.policy.js';
import { isContent, terms, type Word, words } from '../text/words.policy.js';
import { phraseOf } from './phrase.policy.js';
import type { Sentence } from './source.js';

/** How a statement was recognised, with the words that did it. */
export interface Via {
  readonly by:
    | 'cue'
    | 'section'
    | 'question'
    | 'course'
    | 'subject'
    | 'instruction'
    | 'topic'
    | 'wording'
    | 'constraint'
    | 'table'
    | 'dispute'
    | 'inferred';
  readonly words: string;
}

/** A statement that may become a node. Spans are offsets into its sentence's source. */
export interface Candidate {
  readonly kind: NodeKind;
  readonly label: string;
  readonly body: string | undefined;
  readonly sentence: Sentence;
  readonly span: Span;
  readonly score: number;
  readonly via: Via;
  readonly tone: number;
  readonly hedge: string | undefined;
  readonly quantities: readonly Quantity[];
  readonly terms: ReadonlySet<string>;
}

export interface Statement {
  readonly kind: NodeKind;
  /** Offsets into the sentence's text. */
  readonly span: Span;
  readonly score: number;
  readonly via: Via;
  /** What to make the label from, when not the words of the span. */
  readonly phrase?: string;
}

const LONGEST: Readonly<Record<NodeKind, number>> = {
  goal: 90,
  decision: 108,
  option: 80,
  outcome: 84,
  risk: 84,
  action: 84,
  factor: 84,
};
function bodyOf(sentence: Sentence, phrase: string): string | undefined {
  const flat = sentence.text.replace(/\s+/gu, ' ').trim();
  return flat.length > phrase.length + 12 ? clip(flat, 200) : undefined;
}

/** The month is no hedge. */
const isHedge = ({ text, lower }: Word): boolean => HEDGES.has(lower) && text !== 'May';

/** An option is what is done, whoever does it: "we enlarge the pen" → "enlarge the pen". */
const spoken = (kind: NodeKind, phrase: string): string =>
  kind === 'option'
    ? phrase.replace(
        /^\s*(?:either\s)?(?:to\s(?=\p{Ll})|(?:we|they|i|you)\s(?:(?:could|can|should|may|might)\s)?)/iu,
        '',
      )
    : phrase;

/** A candidate from part of a sentence; undefined when too little is said there to name it. */
export function candidate(sentence: Sentence, statement: Statement): Candidate | undefined {
  const { kind, span, score, via } = statement;
  const from = sentence.span.start;
  const inside = sentence.words.filter(({ start, end }) => start >= from + span.start && end <= from + span.end);
  const content = inside.filter(isContent);
  if (content.length === 0) return undefined;
  const named = label(spoken(kind, statement.phrase ?? phraseOf(sentence, span)), LONGEST[kind]);
  if (named.length < 2 || (content.length === 1 && named.length < (kind === 'option' ? 3 : 4))) return undefined;
  return {
    kind,
    label: named,
    body: bodyOf(sentence, named),
    sentence,
    span: { start: from + span.start, end: from + span.end },
    score,
    via,
    tone: tone(inside),
    hedge:
      inside.find(isHedge)?.lower ?? (/(?:if|unless)\s/iu.test(sentence.text.slice(0, 7)) ? sentence.hedge : undefined),
    quantities: sentence.quantities.filter((each) => each.start >= from + span.start && each.end <= from + span.end),
    terms: statement.phrase === undefined ? terms(inside) : terms([...inside, ...words(named, 0)]),
  };
}

/** `candidate` as a list that may be empty. */
export function made(sentence: Sentence, statement: Statement): readonly Candidate[] {
  const found = candidate(sentence, statement);
  return found === undefined ? [] : [found];
}
