import type { NodeKind } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { topicsOf } from './topics.policy.js';
import { coverage, sharedTerms, type Vocabulary } from './vocabulary.policy.js';

/** A chosen candidate with the statements that say the same. */
export interface Chosen {
  readonly candidate: Candidate;
  readonly echoes: readonly Candidate[];
}

interface Bar {
  readonly most: number;
  /** The score from which a candidate counts as found. */
  readonly least: number;
}

const BARS: Readonly<Record<NodeKind, Bar>> = {
  goal: { most: 3, least: 1.9 },
  decision: { most: 2, least: 2 },
  option: { most: 6, least: 2.3 },
  outcome: { most: 8, least: 1.9 },
  risk: { most: 8, least: 2.1 },
  action: { most: 7, least: 2.3 },
  factor: { most: 8, least: 2 },
};

/** More than this many candidates are not compared with each other: the weakest would not be chosen anyway. */
const COMPARED = 160;

/** What the surroundings of a statement add to its score at most. */
const MOST_ADDED = 1.2;

/** What is wanted and what is asked is for the brief to say: documents come after it there. */
const OF_BRIEF: ReadonlySet<NodeKind> = new Set(['goal', 'decision']);

/** What surrounds a sentence: how central it is to the brief and, in a document, how much of it is about the same. */
interface Standing {
  readonly central: number;
  readonly related: number | undefined;
}

/** Undefined for a sentence of a document that shares no topic with the brief. */
function standing(sentence: Sentence, brief: ReadonlySet<string>, known: Vocabulary): Standing | undefined {
  const central = 0.4 * coverage(new Set(known.key), sentence.terms, known);
  if (sentence.source.kind !== 'document') return { central, related: undefined };
  const topical = [...topicsOf(sentence)].some((term) => brief.has(term));
  return topical ? { central, related: coverage(sentence.terms, brief, known) } : undefined;
}

/** What a statement of a document gains at least. One that its words announce is as good as in the brief, however much else its sentence says. */
function leastAdded({ kind, via }: Candidate): number {
  if (OF_BRIEF.has(kind)) return -0.4;
  return via.by === 'cue' || via.by === 'section' ? 0.4 : 0;
}

/** What its surroundings add to a statement: the brief counts more than its attachments, and an attachment by how much it is about the same. */
function added(each: Candidate, { central, related }: Standing): number {
  return central + (related === undefined ? 0.4 : Math.max(leastAdded(each), 1.2 * related - 0.4));
}

function ranked(candidates: readonly Candidate[], vocabulary: Vocabulary): readonly Candidate[] {
  const possible = candidates.filter(({ kind, score }) => score + MOST_ADDED >= BARS[kind].least);
  const brief = new Set(vocabulary.ofBrief);
  const known = new Map<Sentence, Standing | undefined>();
  const scored = possible.flatMap((each) => {
    if (!known.has(each.sentence)) known.set(each.sentence, standing(each.sentence, brief, vocabulary));
    const around = known.get(each.sentence);
    return around === undefined ? [] : [{ ...each, score: each.score + added(each, around) }];
  });
  return scored.sort((a, b) => b.score - a.score || a.sentence.order - b.sentence.order || a.span.start - b.span.start);
}

const OVERLAY: ReadonlySet<string> = new Set(['decision option', 'option decision']);

function overlaps(a: Candidate, b: Candidate): boolean {
  if (a.sentence.source !== b.sentence.source || OVERLAY.has(`${a.kind} ${b.kind}`)) return false;
  const common = Math.min(a.span.end, b.span.end) - Math.max(a.span.start, b.span.start);
  const smaller = Math.min(a.span.end - a.span.start, b.span.end - b.span.start);
  return common > smaller * 0.5;
}

/** "The deck oven" beside "buy a deck oven". */
const namesOnly = (a: Candidate, b: Candidate): boolean =>
  a.terms.size >= 2 && !isVerbal(a.label) && isVerbal(b.label) && [...a.terms].every((term) => b.terms.has(term));

/** Whether two statements of one kind say the same. */
export function isSame(a: Candidate, b: Candidate): boolean {
  if (a.label.toLowerCase() === b.label.toLowerCase()) return true;
  const common = sharedTerms(a.terms, b.terms).length;
  const [smaller, larger] = [Math.min(a.terms.size, b.terms.size), Math.max(a.terms.size, b.terms.size)];
  if (smaller === 0) return false;
  if (a.kind === 'option') return common / (smaller + larger - common) >= 0.7 || namesOnly(a, b) || namesOnly(b, a);
  if (a.sentence.source !== b.sentence.source && common >= 3 && common / smaller >= 0.5) return true;
  return common / (smaller + larger - common) >= 0.55 || (common >= 3 && common / smaller >= 0.75);
}

/** Chooses what becomes a node: best first, each stretch of text once, each statement once, no more of a kind than a reader can weigh. */
export function select(candidates: readonly Candidate[], vocabulary: Vocabulary): readonly Chosen[] {
  const chosen: { candidate: Candidate; echoes: Candidate[] }[] = [];
  const taken = new Map<NodeKind, number>();
  for (const each of ranked(candidates, vocabulary).slice(0, COMPARED)) {
    if (chosen.some(({ candidate }) => overlaps(candidate, each))) continue;
    const twin = chosen.find(({ candidate }) => candidate.kind === each.kind && isSame(candidate, each));
    if (twin !== undefined) {
      twin.echoes.push(each);
      continue;
    }
    const count = taken.get(each.kind) ?? 0;
    if (each.score < BARS[each.kind].least || count >= BARS[each.kind].most) continue;
    taken.set(each.kind, count + 1);
    chosen.push({ candidate: each, echoes: [] });
  }
  return chosen;
}
