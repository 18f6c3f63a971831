import { type Candidate, candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { clauses } from '../text/clauses.policy.js';
import { MEASURES } from '../text/stop-words.lexicon.js';
import { COMPLAINT, DEADLINE, FEARED, HAPPENED, POINTING, POSSIBLE, REASON, SUPPOSED } from './trouble.lexicon.js';
import type { Unclaimed } from './unclaimed.js';
import { coverage } from './vocabulary.policy.js';

/** Something that goes wrong, or that is feared to. */
export interface Trouble {
  readonly statement: Candidate;
  readonly isFeared: boolean;
}

interface Weighed extends Trouble {
  readonly worth: number;
}

/** The force from which bad news is trouble: more than one cost. */
const LEAST = 0.3;

const telling = (terms: ReadonlySet<string>): readonly string[] =>
  [...terms].filter((term) => !/^\d/.test(term) && !MEASURES.has(term) && !isVerbal(term));

/** Speaks of one way to go, by a word that not all of them share: against it, and no reason to decide at all. */
function isAgainstOne(statement: Candidate, options: readonly Candidate[]): boolean {
  const apart = telling(statement.terms).some((term) => {
    const count = options.filter((option) => option.terms.has(term)).length;
    return count > 0 && count < options.length;
  });
  return apart && !HAPPENED.test(statement.sentence.text);
}

function statementsOf(sentence: Sentence): readonly Candidate[] {
  const via = { by: 'wording', words: '' } as const;
  return clauses(sentence.text).flatMap(({ start, end }) => {
    const span = { start: REASON.test(sentence.text.slice(start, end)) ? 0 : start, end };
    if (POINTING.test(sentence.text.slice(span.start, end))) return [];
    return candidate(sentence, { kind: 'risk', span, score: 1, via }) ?? [];
  });
}

/** Why somebody asks: "… because the old press keeps jamming". */
function reasonsIn(sentence: Sentence): readonly Candidate[] {
  const via = { by: 'wording', words: '' } as const;
  return clauses(sentence.text)
    .filter(({ start, end }) => /^(?:because|since)\s/iu.test(sentence.text.slice(start, end)))
    .flatMap((span) => candidate(sentence, { kind: 'risk', span, score: 1, via }) ?? []);
}

const isComplaint = ({ sentence, span }: Candidate): boolean =>
  COMPLAINT.test(sentence.text.slice(span.start - sentence.span.start, span.end - sentence.span.start));

function weighed(statement: Candidate, { vocabulary }: Unclaimed): Weighed {
  const isFeared = FEARED.test(statement.via.words) || SUPPOSED.test(statement.sentence.text);
  const force = Math.min(1.5, Math.max(0, -statement.tone)) * 0.4 + (isComplaint(statement) ? 0.6 : 0);
  const about = coverage(new Set(vocabulary.key), statement.terms, vocabulary);
  return { statement, isFeared, worth: (force < LEAST ? 0 : force + 0.6 * about) - (isFeared ? 1 : 0) };
}

const ofBrief = ({ sentence: { source } }: Candidate): boolean => source.kind === 'brief';

/** How things stand, as the brief tells it: nothing supposed, nothing feared and no dates. */
function toldIn({ sentences, taken }: Unclaimed): readonly Candidate[] {
  const claimed = new Set(
    taken.filter(({ kind }) => kind === 'option' || kind === 'decision').map(({ sentence }) => sentence),
  );
  return sentences
    .filter(
      ({ source, question, addressed, place }) =>
        source.kind === 'brief' && !question && !addressed && place !== 'heading' && place !== 'subject',
    )
    .filter(({ text }) => ![SUPPOSED, FEARED, DEADLINE].some((each) => each.test(text)))
    .flatMap((each) => (claimed.has(each) ? reasonsIn(each) : statementsOf(each)));
}

/** The worst that a brief tells of how things stand; what it fears only where it tells of nothing worse. */
export function troubled(from: Unclaimed): Trouble | undefined {
  const risks = from.taken.filter((each) => each.kind === 'risk' && ofBrief(each));
  const feared = risks.filter(({ via, sentence }) => FEARED.test(via.words) || POSSIBLE.test(sentence.text));
  const all = [...toldIn(from), ...feared]
    .filter((each) => !isAgainstOne(each, from.options))
    .map((each) => weighed(each, from));
  return all.reduce<Weighed | undefined>((best, each) => {
    const enough = each.worth > (each.isFeared ? -1 : 0);
    return enough && (best === undefined || each.worth > best.worth + 1e-9) ? each : best;
  }, undefined);
}
