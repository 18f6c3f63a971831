import { type Candidate, candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { clip } from '../text/clip.policy.js';
import type { Quantity } from '../text/quantities.policy.js';
import { MEASURES, NEGATIONS } from '../text/stop-words.lexicon.js';
import { coverage, sharedTerms, type Vocabulary } from './vocabulary.policy.js';

/** Two statements, usually one of the brief and one of a document, that cannot both hold. */
export interface Clash {
  readonly brief: Sentence;
  readonly document: Sentence;
  readonly about: readonly string[];
  /** What differs, in the words of both. */
  readonly said: string;
  readonly force: number;
}

const MOST = 2;
const LEAST_COMMON = 2;
const COMPARED = 40;
const MOST_OURS = 120;
const PAUSE_AFTER = 8;

/** The same unit, another amount, and words in common close to both. */
function amounts(a: Sentence, b: Sentence): { readonly ours: Quantity; readonly theirs: Quantity } | undefined {
  for (const ours of a.quantities) {
    const theirs = b.quantities.find((each) => each.unit === ours.unit && ours.unit !== '');
    if (theirs === undefined || Number.isNaN(ours.value) || b.quantities.some(({ value }) => value === ours.value))
      continue;
    return { ours, theirs };
  }
  return undefined;
}

const negated = (sentence: Sentence): string | undefined =>
  sentence.words.find(({ lower }) => NEGATIONS.has(lower))?.lower;

function written(sentence: Sentence, term: string): string {
  return sentence.words.find(({ stem, lower }) => stem === term || lower === term)?.text ?? term;
}

/** Whether two sentences speak of one thing and say different things about it. */
export function clash(brief: Sentence, document: Sentence, vocabulary: Vocabulary): Clash | undefined {
  const common = sharedTerms(brief.terms, document.terms).filter((term) => !/^\d/.test(term) && !MEASURES.has(term));
  if (common.length < LEAST_COMMON) return undefined;
  const force =
    Math.min(coverage(brief.terms, document.terms, vocabulary), coverage(document.terms, brief.terms, vocabulary)) +
    common.length * 0.1;
  const about = common.slice(0, 3).map((term) => written(brief, term));
  const differing = amounts(brief, document);
  if (differing !== undefined && common.length >= 3 && force >= 0.45) {
    return {
      brief,
      document,
      about,
      said: `${differing.ours.written.trim()} or ${differing.theirs.written.trim()}`,
      force,
    };
  }
  const [no, alsoNo] = [negated(brief), negated(document)];
  if ((no === undefined) === (alsoNo === undefined) || force < 0.75) return undefined;
  return { brief, document, about, said: `“${no ?? alsoNo}” on one side only`, force };
}

function asCandidate({ brief, document, about, said }: Clash): Candidate | undefined {
  const found = candidate(brief, {
    kind: 'risk',
    span: { start: 0, end: brief.text.length },
    score: 4,
    via: {
      by: 'dispute',
      words: `${said}; ${document.source.name}: ${clip(document.text.replace(/\s+/gu, ' '), 110)}`,
    },
    phrase: `Sources disagree on ${about.join(' ')}: ${said}`,
  });
  return found === undefined
    ? undefined
    : {
        ...found,
        body: clip(`${document.source.name}: ${document.text.replace(/\s+/gu, ' ')}`, 200),
        hedge: undefined,
      };
}

/** Document sentences by their terms, so that only pairs with words in common are compared. */
function byTerm(sentences: readonly Sentence[]): ReadonlyMap<string, readonly Sentence[]> {
  const index = new Map<string, Sentence[]>();
  for (const each of sentences) {
    for (const term of each.terms) {
      const list = index.get(term);
      if (list === undefined) index.set(term, [each]);
      else if (list.length < COMPARED) list.push(each);
    }
  }
  return index;
}

function neighbours(sentence: Sentence, index: ReadonlyMap<string, readonly Sentence[]>): readonly Sentence[] {
  const common = new Map<Sentence, number>();
  for (const term of sentence.terms)
    for (const each of index.get(term) ?? []) common.set(each, (common.get(each) ?? 0) + 1);
  return [...common].filter(([, count]) => count >= LEAST_COMMON).map(([each]) => each);
}

/** Statements of the brief that a document contradicts, as risks; the strongest first. Yields where it can be paused. */
export function* contradictions(
  sentences: readonly Sentence[],
  vocabulary: Vocabulary,
): Generator<undefined, readonly Candidate[]> {
  const stated = sentences.filter(
    (each) => !each.question && !each.addressed && (each.quantities.length > 0 || negated(each) !== undefined),
  );
  const index = byTerm(stated.filter(({ source }) => source.kind === 'document'));
  const found: Clash[] = [];
  for (const ours of sentences
    .filter(({ source, question }) => source.kind === 'brief' && !question)
    .slice(0, MOST_OURS)) {
    found.push(...neighbours(ours, index).flatMap((theirs) => clash(ours, theirs, vocabulary) ?? []));
    if (ours.order % PAUSE_AFTER === 0) yield undefined;
  }
  return found
    .sort((a, b) => b.force - a.force)
    .slice(0, MOST)
    .flatMap((each) => asCandidate(each) ?? []);
}
