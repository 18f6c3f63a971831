import { isDated } from '../text/quantities.policy.js';
import { alternatives, courses } from './alternatives.policy.js';
import { type Candidate, made } from './candidate.policy.js';
import type { Sentence } from './source.js';
import { askedFrom, isConceded, openFrom } from './subject.policy.js';
import { isDeed, isVerbal } from './verbs.lexicon.js';

const whole = (sentence: Sentence) => ({ start: 0, end: sentence.text.length });
const endOf = ({ text }: Sentence): number => text.replace(/[?？؟.!\s]+$/u, '').length;
const opening = ({ text }: Sentence): string => text.split(/\s+/).slice(0, 3).join(' ');

/** "Which supplier: Kiel or Vento" names them behind the colon, when nothing before it is an alternative. */
function listedFrom(text: string): number {
  const colon = /^[^:]{3,160}?:\s+/u.exec(text)?.[0] ?? '';
  return /\s(?:or|versus|vs)\s/iu.test(colon) ? 0 : colon.length;
}

/** Alternatives named in `text` from `from` on, each without the words that only ask. */
export function optionsFrom(sentence: Sentence, from: number, score: number, asked: string): readonly Candidate[] {
  const start = from + listedFrom(sentence.text.slice(from));
  const rest = sentence.text.slice(start, Math.max(start, endOf(sentence)));
  return alternatives(rest, 'or').flatMap(({ text, span }) => {
    const skipped = askedFrom(text);
    const phrase = text.slice(skipped).replace(/^(?:either|to|whether to|rather)\s/iu, '');
    const place = { start: start + span.start + skipped, end: start + span.end };
    return made(sentence, { kind: 'option', span: place, score, via: { by: 'question', words: asked }, phrase });
  });
}

/** A single course of action that a question leaves open; "or not" is its other side, and no part of it. */
function courseFrom(sentence: Sentence, from: number, asked: string): readonly Candidate[] {
  const text = sentence.text.slice(from, Math.max(from, endOf(sentence)));
  if (from === 0 && !isVerbal(text)) return [];
  const end = from + text.replace(/,?\s+or\s+not$/iu, '').length;
  return made(sentence, { kind: 'option', span: { start: from, end }, score: 2, via: { by: 'course', words: asked } });
}

/** "Or shut it down?", after another question: one more way, whatever the first one was. */
function fromOrQuestion(sentence: Sentence): readonly Candidate[] {
  const or = /^or\s(?:else\s|rather\s)?/iu.exec(sentence.text);
  if (or === null || sentence.previous?.question !== true) return [];
  const from = or[0].length + askedFrom(sentence.text.slice(or[0].length));
  if (!isDeed(sentence.text.slice(from)) && from === or[0].length) return [];
  const via = { by: 'question', words: opening(sentence) } as const;
  return made(sentence, { kind: 'option', span: { start: from, end: endOf(sentence) }, score: 3, via });
}

/** "He says we should sell, with what money?", "And who would clean it?", "What do you think?": asked of nobody, or for an opinion. */
const isExclaimed = (text: string): boolean =>
  /^(?:(?:so|and|now|but|well)[,\s]+)?(?:i|we|you|he|she|it|they|this|that|there|an?|the|my|our|her|his|their|its)\s/iu.test(
    text,
  ) ||
  /^(?:and|but)\s(?:who|what|with what)\b/iu.test(text) ||
  /^(?:(?:so|and|now|but|well)[,\s]+)?(?:(?:what|how) (?:do|did|would) you|(?:could|can|would|will|do) you|any|thoughts)\b/iu.test(
    text,
  );

export function fromQuestion(sentence: Sentence): readonly Candidate[] {
  if (!sentence.question) return [];
  const mark = /[？؟]/u.exec(sentence.text)?.[0] ?? '?';
  const closed = /^(?:(?:so|and|now|but),?\s)?(?:should|shall|do|does|can|could|must|would|is it|are we)\s/iu.test(
    sentence.text,
  );
  if (sentence.place === 'heading' && !closed) return [];
  const decision = made(sentence, {
    kind: 'decision',
    span: whole(sentence),
    score: (closed ? 3.1 : 2.2) - (isExclaimed(sentence.text) ? 1.2 : 0) - (sentence.source.kind === 'brief' ? 0 : 1),
    via: { by: 'question', words: opening(sentence) },
    phrase: sentence.text,
  }).map((found) => ({ ...found, label: `${found.label}${mark}` }));
  const from = askedFrom(sentence.text);
  const asked = from === 0 ? opening(sentence) : sentence.text.slice(0, from).trim();
  const options = optionsFrom(sentence, from, 3, asked);
  const named = options.length > 0 ? options : fromOrQuestion(sentence);
  return [...decision, ...(named.length > 0 ? named : courseFrom(sentence, from, asked))];
}

export function fromWhether(sentence: Sentence): readonly Candidate[] {
  const whether = /\bwhether\s/iu.exec(sentence.text);
  if (whether === null || isConceded(sentence.text)) return [];
  const after = whether.index + whether[0].length;
  const from = after + openFrom(sentence.text.slice(after));
  const options = optionsFrom(sentence, from, 3, 'whether');
  return options.length > 0 ? options : courseFrom(sentence, from, 'whether');
}

const FORBIDS = /^(?:do not|don['’]t|never)\s/iu;

/** "We have to decide: hire two nurses or buy software.", and the bare "Hire two nurses or buy software." of a note. */
export function fromDilemma(sentence: Sentence): readonly Candidate[] {
  const { section, question, text, place, source } = sentence;
  if (source.kind !== 'brief' || question || place === 'heading' || isDated(text) || FORBIDS.test(text)) return [];
  if (section !== undefined && section.kind !== 'decision') return [];
  const via = { by: 'question', words: section?.title ?? opening(sentence) } as const;
  return courses(text.slice(0, endOf(sentence))).flatMap((each) =>
    made(sentence, { kind: 'option', span: each.span, score: section === undefined ? 2.5 : 3, via, phrase: each.text }),
  );
}

const LONGEST_NAME = 7;
const VERSUS = /\s(?:versus|vs\.?)\s/iu;
/** A verb of a whole statement: what stands around "versus" is then more than the two names. */
const FINITE = /\b(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|do|does|did)\b/iu;

/** "Postgres vs MongoDB for billing": two names and nothing said of them. Figures are compared, not chosen from. */
export function fromVersus(sentence: Sentence): readonly Candidate[] {
  const line = sentence.text.slice(0, endOf(sentence));
  const text = /^[^:]{3,120}?\s(?:versus|vs\.?)\s[^:]{2,60}(?=:\s)/iu.exec(line)?.[0] ?? line;
  if (!VERSUS.test(text) || FINITE.test(text) || sentence.question) return [];
  const from = listedFrom(text);
  const via = { by: 'question', words: VERSUS.exec(text)?.[0].trim() ?? '' } as const;
  const found = alternatives(text.slice(from), 'or');
  if (found.some((each) => /\d/.test(each.text) || each.text.trim().split(/\s+/).length > LONGEST_NAME)) return [];
  return found.flatMap((each) => {
    const span = { start: from + each.span.start, end: from + each.span.end };
    return made(sentence, { kind: 'option', span, score: 2.9, via, phrase: each.text });
  });
}

const INSTEAD =
  /^(?:instead of|rather than)\s([\p{L}-]{4,20}\s[^,]{2,80}?)(?:,|\s(?=(?:we|i|they|you|he|she|one|it)\s))/iu;
const OPEN = /\b(?:could|can|might|may|should|shall|consider|suggest|propose|prefer)/iu;

/** "Instead of repairing the vans we could lease bikes": what would be given up is the other way. */
export function fromInstead(sentence: Sentence): readonly Candidate[] {
  const match = INSTEAD.exec(sentence.text);
  const course = match?.[1] ?? '';
  if (match === null || !isDeed(course) || !OPEN.test(sentence.text.slice(match[0].length))) return [];
  const start = sentence.text.indexOf(course);
  const via = { by: 'cue', words: sentence.text.slice(0, start).trim() } as const;
  return made(sentence, { kind: 'option', span: { start, end: start + course.length }, score: 2.8, via });
}
