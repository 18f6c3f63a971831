import { clauses } from '../text/clauses.policy.js';
import type { Span } from '../text/sentences.policy.js';
import { type Candidate, candidate } from './candidate.policy.js';
import type { Sentence } from './source.js';

const PLAINLY = -0.9;
/** How things stand is no danger. */
const PRESENT = /^(?:today|currently|at present|right now|at the moment)\b/iu;

/** Why something happened, and nothing that may happen. */
const CAUSE = /^(?:because of|due to|thanks to|owing to)\s/iu;
const LONGEST_CAUSE = 12;

const made = (sentence: Sentence, kind: 'risk' | 'factor', span: Span, words: string): Candidate | undefined =>
  candidate(sentence, { kind, span, score: kind === 'risk' ? 1.7 : 1.6, via: { by: 'wording', words } });

/** The worst thing a sentence says, when it is plainly bad. */
function unwelcome(sentence: Sentence): readonly Candidate[] {
  if (sentence.tone > PLAINLY || PRESENT.test(sentence.text)) return [];
  const worst = clauses(sentence.text)
    .filter(({ start }) => !CAUSE.test(sentence.text.slice(start, start + LONGEST_CAUSE)))
    .flatMap((span) => made(sentence, 'risk', span, sentence.text.slice(span.start, span.end)) ?? [])
    .reduce<Candidate | undefined>(
      (best, each) => (best === undefined || each.tone < best.tone ? each : best),
      undefined,
    );
  return worst === undefined || worst.tone > PLAINLY ? [] : [worst];
}

/** The first amount it states, with what it is about. */
function measured(sentence: Sentence): readonly Candidate[] {
  const amount = sentence.quantities.find(({ unit }) => unit !== '');
  if (amount === undefined) return [];
  const at = amount.start - sentence.span.start;
  const span = clauses(sentence.text).find(({ end }) => end > at) ?? { start: 0, end: sentence.text.length };
  const found = made(sentence, 'factor', span, amount.written.trim());
  const told = /^(?:i|we)$/.test(sentence.words[0]?.lower ?? '') ? 0.4 : 0;
  return found === undefined ? [] : [{ ...found, score: found.score - told }];
}

/** Without any marking words: a plainly unwelcome statement is a risk, a measured one a condition. Weaker than any cue. */
export function toneCandidates(sentence: Sentence): readonly Candidate[] {
  if (sentence.question || sentence.place === 'heading' || sentence.place === 'subject') return [];
  return [...unwelcome(sentence), ...measured(sentence)];
}
