import { isDated } from '../text/quantities.policy.js';
import { stem } from '../text/stem.policy.js';
import { LESS, MORE } from '../text/tone.lexicon.js';
import { isContent, type Word } from '../text/words.policy.js';
import { type Candidate, made } from './candidate.policy.js';
import {
  fromDilemma,
  fromInstead,
  fromQuestion,
  fromVersus,
  fromWhether,
  optionsFrom,
} from './open-candidates.policy.js';
import type { Sentence } from './source.js';
import { VERBS } from './verbs.lexicon.js';

const whole = (sentence: Sentence) => ({ start: 0, end: sentence.text.length });

/** "Lease: four years, no capital" → "Lease"; the rest is detail. */
function headOf(text: string): { readonly start: number; readonly end: number } {
  const head = /^(.{3,70}?)(?:\s*:\s|\s[–—-]\s)/u.exec(text);
  return { start: 0, end: head?.[1] === undefined ? text.length : head[1].length };
}

const VERB_STEMS: ReadonlySet<string> = new Set([...VERBS].map(stem));

/** "Launch window opens": a verb in the third place makes the first a noun. */
function isNounNounVerb([second, third]: readonly Word[]): boolean {
  if (second === undefined || third === undefined || !isContent(second)) return false;
  return third.lower.endsWith('s') && third.lower !== third.stem && VERB_STEMS.has(third.stem);
}

/** What makes a noun of the verb before it: "launch date", "support team". */
const HEADS =
  /^(?:dates?|days?|times?|deadlines?|phases?|teams?|plans?|process|costs?|prices?|rates?|lists?|fees?|staff|periods?|windows?|figures?|numbers?)$/;

/** Offset of an instruction's verb, or -1. "Plan B is cheaper" only looks like one. */
function instructionAt(sentence: Sentence): number {
  const [first, ...next] = sentence.words.slice(0, 5);
  if (first === undefined || sentence.question || !VERBS.has(first.lower)) return -1;
  if (
    next.length === 0 ||
    next.some(({ lower }) => /^(?:is|are|was|were|has|had|would|could|may|might|can|cannot|will|should)$/.test(lower))
  )
    return -1;
  if (isNounNounVerb(next) || HEADS.test(next[0]?.lower ?? '')) return -1;
  if (sentence.place === 'item' && (LESS.has(first.stem) || MORE.has(first.stem))) return -1;
  return first.start - sentence.span.start;
}

function fromInstruction(sentence: Sentence): readonly Candidate[] {
  const at = instructionAt(sentence);
  if (at < 0 || sentence.section?.kind === 'option') return [];
  const score = 2.4 + (sentence.place === 'item' ? 0.3 : 0) + (isDated(sentence.text) ? 0.4 : 0);
  const via = { by: 'instruction', words: sentence.words[0]?.text ?? '' } as const;
  return made(sentence, { kind: 'action', span: { start: at, end: sentence.text.length }, score, via });
}

/** A bullet under a heading that names something: what follows from it, judged by its words. */
function fromTopic(sentence: Sentence): readonly Candidate[] {
  if (sentence.topic === undefined || sentence.place !== 'item' || sentence.section !== undefined) return [];
  const kind = sentence.tone > 0.2 ? 'outcome' : sentence.tone < -0.2 ? 'risk' : 'factor';
  const via = { by: 'topic', words: sentence.topic } as const;
  return made(sentence, { kind, span: whole(sentence), score: 2.2 + (sentence.quantities.length > 0 ? 0.4 : 0), via });
}

/** "There are two.", "These are the ones we see.": speaks of the options and names none. */
const POINTING = /^(?:there|here|these|those|this|that|it|both|all|none)\b/iu;
const OPEN_TO_US = /^(?:or\s)?(?:we|they|you|one|i)\s(?:can|could|may|might)\s(?!not\b)/iu;

/** A sentence that names an option of its own among others in prose. */
const isOneOfThem = (sentence: Sentence): boolean => sentence.place === 'prose' && OPEN_TO_US.test(sentence.text);

function sectionScore(sentence: Sentence, kind: string): number {
  if (sentence.place === 'item') return sentence.firstOfBlock ? 3.2 : 1.6;
  if (kind === 'action') return 2.4;
  return sentence.firstOfBlock || (kind === 'option' && isOneOfThem(sentence)) ? 2.5 : 1.4;
}

function fromSection(sentence: Sentence): readonly Candidate[] {
  const { section } = sentence;
  if (section === undefined || sentence.place === 'heading' || sentence.question) return [];
  const via = { by: 'section', words: section.title } as const;
  const score =
    sectionScore(sentence, section.kind) -
    (section.kind === 'factor' && sentence.quantities.length === 0 ? 1.2 : section.kind === 'factor' ? 0.5 : 0);
  if (section.kind !== 'option') return made(sentence, { kind: section.kind, span: whole(sentence), score, via });
  if (sentence.place !== 'item' && POINTING.test(sentence.text)) return [];
  if (!sentence.firstOfBlock && !isOneOfThem(sentence)) return [];
  const listed = sentence.place === 'item' ? [] : optionsFrom(sentence, 0, score + 0.5, section.title);
  return listed.length > 0 ? listed : made(sentence, { kind: 'option', span: headOf(sentence.text), score, via });
}

function fromSubject(sentence: Sentence): readonly Candidate[] {
  if (sentence.place !== 'subject') return [];
  return made(sentence, {
    kind: 'decision',
    span: whole(sentence),
    score: 2.5,
    via: { by: 'subject', words: sentence.text },
  });
}

const RULES = [
  fromSection,
  fromQuestion,
  fromWhether,
  fromDilemma,
  fromVersus,
  fromInstead,
  fromInstruction,
  fromTopic,
  fromSubject,
] as const;

/** What the place of a sentence says it is: a list under a heading, a label, a question, an instruction. */
export function placeCandidates(sentence: Sentence): readonly Candidate[] {
  return RULES.flatMap((rule) => rule(sentence));
}
