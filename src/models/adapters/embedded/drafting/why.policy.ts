import type { Candidate, Via } from '../reading/candidate.policy.js';
import { clip } from '../text/clip.policy.js';
import { quoted } from '../text/quoted.policy.js';
import type { Vocabulary } from './vocabulary.policy.js';
import { sharedTerms } from './vocabulary.policy.js';

const MOST = 280;

const FOUND: Readonly<Record<Via['by'], (words: string, kind: string, source: string) => string>> = {
  cue: (words, kind, source) => `${quoted(words, 60)} in ${source} announces ${article(kind)}`,
  section: (words, kind, source) => `Listed under ${quoted(words, 50)} in ${source}, so read as ${article(kind)}`,
  question: (words, kind, source) => `${quoted(words, 60)} in ${source} leaves this open, so read as ${article(kind)}`,
  course: (words, kind, source) =>
    `${quoted(words, 60)} in ${source} asks about this course, so read as ${article(kind)}`,
  subject: (words, kind, source) => `Subject line ${quoted(words, 60)} of ${source} names the ${kind}`,
  instruction: (words, kind, source) =>
    `Instruction beginning with ${quoted(words, 30)} in ${source}, so read as ${article(kind)}`,
  topic: (words, kind, source) =>
    `Stands under the heading ${quoted(words, 50)} in ${source}; its wording makes it ${article(kind)}`,
  wording: (words, kind, source) =>
    `What ${source} says around ${quoted(words, 40)} reads as ${article(kind)}, though nothing announces it`,
  constraint: (words, kind) => `Given by the caller as a constraint (${quoted(words, 80)}), so ${article(kind)}`,
  table: (words, kind, source) =>
    `Column ${quoted(words, 50)} of ${source} measures something the brief speaks of, so ${article(kind)}`,
  dispute: (words, kind, source) =>
    `What ${source} says is contradicted, which is ${article(kind)}: ${quoted(words, 190)}`,
  inferred: (words, kind, source) =>
    words === ''
      ? `No wording in ${source} marks ${article(kind)}; taken from its position`
      : `Inferred from ${quoted(words, 90)} in ${source}: no wording there marks ${article(kind)}`,
};

const article = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;

function sourceName({ sentence: { source } }: Candidate): string {
  return source.kind === 'brief' ? 'the brief' : source.name;
}

function spoken(candidate: Candidate, term: string): string {
  return candidate.sentence.words.find((word) => word.stem === term || word.lower === term)?.lower ?? term;
}

/** What the statement has in common with another, most telling words first. */
function common(candidate: Candidate, other: Candidate | undefined, vocabulary: Vocabulary): string | undefined {
  if (other === undefined || other === candidate || other.sentence === candidate.sentence) return undefined;
  const shared = sharedTerms(candidate.terms, other.terms).filter((term) => !/^\d/.test(term));
  const best = [...shared].sort((a, b) => vocabulary.weight(b) - vocabulary.weight(a)).slice(0, 3);
  if (best.length === 0) return undefined;
  return `shares ${best.map((term) => `“${spoken(candidate, term)}”`).join(', ')} with the ${other.kind}`;
}

function repeated(candidate: Candidate, echoes: readonly Candidate[]): string | undefined {
  const elsewhere = echoes.find(({ sentence }) => sentence.source !== candidate.sentence.source);
  if (elsewhere !== undefined) return `also in ${sourceName(elsewhere)}: ${quoted(elsewhere.label, 50)}`;
  const [again] = echoes.filter(({ sentence }) => sentence !== candidate.sentence);
  return again === undefined ? undefined : `said again as ${quoted(again.label, 50)}`;
}

/** What is wanted or asked is never certain: hedges there say nothing. */
const OPEN: ReadonlySet<string> = new Set(['goal', 'decision', 'option']);

/** The reasons for a node, composed from what was found: the words that announced it, its figures, echoes and hedges. */
export function why(
  candidate: Candidate,
  echoes: readonly Candidate[],
  about: readonly Candidate[],
  vocabulary: Vocabulary,
): string {
  const { via, kind, quantities, hedge } = candidate;
  const figures = quantities.slice(0, 3).map(({ written }) => written.trim());
  const parts = [
    FOUND[via.by](via.words, kind, sourceName(candidate)),
    ...(figures.length > 0 && via.by !== 'table' ? [`figures: ${figures.join(', ')}`] : []),
    ...about.flatMap((other) => common(candidate, other, vocabulary) ?? []).slice(0, 1),
    ...[repeated(candidate, echoes) ?? []].flat(),
    ...(hedge === undefined || OPEN.has(kind) ? [] : [`worded with “${hedge}”, so not certain`]),
  ];
  const whole = parts.reduce((text, part) => (text.length + part.length + 2 <= MOST ? `${text}; ${part}` : text));
  return clip(whole, MOST);
}
