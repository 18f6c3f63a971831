import { clauses } from '../text/clauses.policy.js';
import type { Span } from '../text/sentences.policy.js';
import { isContent, words } from '../text/words.policy.js';
import { alternatives, courses } from './alternatives.policy.js';
import { type Candidate, candidate } from './candidate.policy.js';
import { CHOICE_CUES } from './choice-cues.lexicon.js';
import type { Cue } from './cue.js';
import { denialIn } from './denial.policy.js';
import { ACTION_CUES, FACTOR_CUES, OUTCOME_CUES, RISK_CUES } from './effect-cues.lexicon.js';
import { DECISION_CUES, GOAL_CUES, OPTION_CUES } from './intent-cues.lexicon.js';
import { judge, type Surroundings } from './judgement.policy.js';
import type { Sentence } from './source.js';

const CUES: readonly Cue[] = [
  ...GOAL_CUES,
  ...DECISION_CUES,
  ...OPTION_CUES,
  ...CHOICE_CUES,
  ...OUTCOME_CUES,
  ...RISK_CUES,
  ...ACTION_CUES,
  ...FACTOR_CUES,
];

/** A cue found more often than this in one sentence says nothing new. */
const MOST = 3;

/** Cues by the words that call for them, so that a sentence tries only the few it may contain. */
const BY_TRIGGER: ReadonlyMap<string, readonly Cue[]> = CUES.reduce((index, cue) => {
  for (const trigger of cue.triggers) index.set(trigger, [...(index.get(trigger) ?? []), cue]);
  return index;
}, new Map<string, readonly Cue[]>());

function triggered(sentence: Sentence): ReadonlySet<Cue> {
  return new Set(sentence.words.flatMap(({ lower }) => BY_TRIGGER.get(lower) ?? []));
}

const says = (text: string): number => words(text, 0).filter(isContent).length;

/** The statement `at` lies in; `after` begins it there, and takes in the next clause when too little is left. */
function statementAt(text: string, all: readonly Span[], at: number, take: 'after' | 'clause'): Span {
  const index = Math.max(
    0,
    all.findIndex(({ end }) => end > at),
  );
  const own = all[index] ?? { start: 0, end: text.length };
  if (take === 'clause') return own;
  const enough = says(text.slice(at, own.end)) >= 2;
  return { start: at, end: enough ? own.end : (all[index + 1]?.end ?? text.length) };
}

function spanOf(text: string, all: readonly Span[], cue: Cue, match: RegExpExecArray): Span {
  const end = match.index + match[0].length;
  if (cue.take === 'onward') return { start: match.index, end: text.length };
  if (cue.take === 'after') return statementAt(text, all, end, 'after');
  return statementAt(text, all, Math.max(match.index, end - 2), 'clause');
}

function wordsOf(match: RegExpExecArray): string {
  return match[0]
    .replace(/\s+/gu, ' ')
    .replace(/[,:;.\s]+$/u, '')
    .trim();
}

/** "plans to survey parents and to visit schools": two things to do. */
function parts(text: string, cue: Cue, span: Span): readonly Span[] {
  const second = cue.kind === 'action' ? /,?\sand\s(?:then\s)?to\s/iu.exec(text.slice(span.start, span.end)) : null;
  if (second === null) return [span];
  const at = span.start + second.index;
  return [
    { start: span.start, end: at },
    { start: at + second[0].length, end: span.end },
  ];
}

function around(text: string, all: readonly Span[], match: RegExpExecArray): Surroundings {
  const { start } = statementAt(text, all, match.index, 'clause');
  const before = text.slice(Math.min(start, match.index), match.index).match(/[\p{L}'’-]+/gu) ?? [];
  const after = /^\s*([\p{L}-]+)/u.exec(text.slice(match.index + match[0].length))?.[1]?.toLowerCase() ?? '';
  return { before, after };
}

/** "We do not want to borrow money": not what the cue announces, but a limit to what is. */
function ruledOut(
  sentence: Sentence,
  all: readonly Span[],
  cue: Cue,
  match: RegExpExecArray,
): readonly Candidate[] | undefined {
  if (cue.take !== 'after') return undefined;
  const { text } = sentence;
  const span = statementAt(text, all, match.index, 'clause');
  const denial = denialIn(text.slice(Math.min(span.start, match.index), match.index));
  if (denial === undefined) return undefined;
  if (cue.kind === 'risk' || cue.kind === 'outcome') return [];
  const words = text.slice(span.start + denial, match.index + match[0].length).trim();
  const found = candidate(sentence, { kind: 'factor', span, score: cue.weight, via: { by: 'cue', words } });
  return found === undefined ? [] : [found];
}

function fromMatch(sentence: Sentence, all: readonly Span[], cue: Cue, match: RegExpExecArray): readonly Candidate[] {
  const { text } = sentence;
  const denied = ruledOut(sentence, all, cue, match);
  if (denied !== undefined) return denied;
  const listed = cue.kind === 'option' && cue.take === 'after' ? split(sentence, cue, match) : [];
  if (listed.length > 1) return listed;
  const via = { by: 'cue', words: wordsOf(match) } as const;
  return parts(text, cue, spanOf(text, all, cue, match)).flatMap((span) => {
    const found = candidate(sentence, { kind: cue.kind, span, score: cue.weight, via });
    const verdict = found === undefined ? undefined : judge(cue, found, around(text, all, match));
    if (found === undefined || verdict === undefined) return [];
    const asked = verdict.kind === 'decision' && cue.take === 'after';
    const named = asked ? `${found.label}?` : found.label;
    return [{ ...found, label: named, kind: verdict.kind, score: found.score + verdict.bonus }];
  });
}

function split(sentence: Sentence, cue: Cue, match: RegExpExecArray): readonly Candidate[] {
  const from = match.index + match[0].length;
  const joiner = /between/iu.test(match[0]) ? 'and' : 'or';
  const via = { by: 'cue', words: /\p{L}/u.test(match[0]) ? wordsOf(match) : 'or' } as const;
  const rest = sentence.text.slice(from).replace(/[.;?!\s]+$/u, '');
  const found = cue.take === 'courses' ? courses(rest) : alternatives(rest, joiner);
  return found.flatMap(({ text, span }) => {
    const place = { start: from + span.start, end: from + span.end };
    const found = candidate(sentence, { kind: 'option', span: place, score: cue.weight, via, phrase: text });
    return found === undefined ? [] : [found];
  });
}

/**
 * "We must not sell or lease" leaves nothing open; "I don't know if we should sell or lease" does. What documents let people do
 * ("staff must sign or send a mail") is no choice of the brief's.
 */
function leavesOpen({ text, source }: Sentence, all: readonly Span[], match: RegExpExecArray): boolean {
  const { start } = statementAt(text, all, match.index, 'clause');
  const lead = text.slice(Math.min(start, match.index), match.index);
  return source.kind === 'brief' && denialIn(lead.split(/\b(?:whether|if)\s/iu).at(-1) ?? '') === undefined;
}

/** A condition that is bad in itself is what is feared: "if the pond runs dry, the buds would freeze". */
function feared(sentence: Sentence): readonly Candidate[] {
  const condition = /^(?:if|unless|should)\s([^,]{8,120}),\s/iu.exec(sentence.text);
  if (condition?.[1] === undefined || sentence.tone > -0.8) return [];
  const start = condition[0].indexOf(condition[1]);
  const via = { by: 'cue', words: sentence.text.slice(0, start).trim() } as const;
  const span = { start, end: start + condition[1].length };
  const found = candidate(sentence, { kind: 'risk', span, score: 2.4, via });
  return found !== undefined && found.tone <= -0.8 ? [found] : [];
}

/** What the words of a sentence say it is. A question only asks: it holds no outcome, risk or action. */
export function cueCandidates(sentence: Sentence): readonly Candidate[] {
  const all = clauses(sentence.text);
  const found = [...triggered(sentence)].flatMap((cue) =>
    Array.from(sentence.text.matchAll(cue.pattern))
      .slice(0, MOST)
      .flatMap((match) => {
        if (cue.take === 'split') return split(sentence, cue, match);
        if (cue.take === 'courses') return leavesOpen(sentence, all, match) ? split(sentence, cue, match) : [];
        return fromMatch(sentence, all, cue, match);
      }),
  );
  if (sentence.question) return found.filter(({ kind }) => kind === 'decision' || kind === 'option');
  return [...found, ...feared(sentence)];
}
