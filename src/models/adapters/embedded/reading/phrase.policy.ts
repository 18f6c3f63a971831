import { clauses } from '../text/clauses.policy.js';
import type { Span } from '../text/sentences.policy.js';
import { STOP_WORDS } from '../text/stop-words.lexicon.js';
import { antecedentOf } from './antecedent.policy.js';
import type { Sentence } from './source.js';
import { VERBS } from './verbs.lexicon.js';

/** "and would cut …", "it might also …": the modal goes, the verb stays. */
const MODAL =
  /^(?:and\s)?(?:(?:it|this|that|they|these|those|he|she)\s)?(?:(?:also|probably|then|could|would|will|might|may|should|can)\s){1,3}(?!be\b|have\b|not\b|never\b)/iu;
const RELATIVE = /^(?:which|who)\s/iu;
const FINITE =
  'is|are|was|were|has|have|had|takes?|costs?|stands|falls|rises|needs?|sells|sold|holds|runs|makes|made|pays|gives|suits?|offers?|brings|would|will|could|may|might|can|should|must';
/** The subject at the start of a statement, up to its verb. */
const SUBJECT = new RegExp(`^(?:if\\s)?(.{3,60}?)\\s(?:${FINITE})\\s`, 'iu');
const ITS_OBJECT = /^([\p{L}-]{2,15})\s(?:it|them)\s/iu;
const PRONOUN =
  /^(?:(?:but|and|so|yet|though|although|while|because)\s)?(it|they)\s(?!(?:is|was) (?:clear|true|likely|time|hard|easy|possible|important|not clear|unclear|worth|late|early|said|too)\b)/iu;
const BARE_MODAL = /^(?:and\s)?(?=(?:would|will|could|may|might|can|should)\s(?:be|have|not|never)\b)/iu;

/** The thing a relative clause speaks of: the last words before it that carry content. */
function antecedent(before: string): string {
  const words = before
    .replace(/[,\s]+$/u, '')
    .split(/\s+/)
    .slice(-4);
  const from = words.findLastIndex((word) => STOP_WORDS.has(word.toLowerCase()) || VERBS.has(word.toLowerCase()));
  const noun = words.slice(from + 1).join(' ');
  return /\p{L}{3}/u.test(noun) ? noun : words.slice(-2).join(' ');
}

const lowered = (subject: string): string => subject.replace(/^The\s/, 'the ');

function subjectOf(sentence: Sentence | undefined): string | undefined {
  const subject = SUBJECT.exec(sentence?.text ?? '')?.[1];
  return subject === undefined ||
    /^(?:(?:it|they|there|this|that|these)$|(?:we|i|he|she|you|what|who)\b)/iu.test(subject)
    ? undefined
    : subject;
}

/** "bring it under 30 minutes" after "the wait is 52 minutes": the object is what the sentence before was about. */
function withObject(sentence: Sentence, text: string): string {
  const verb = ITS_OBJECT.exec(text)?.[1];
  const subject = verb !== undefined && VERBS.has(verb.toLowerCase()) ? subjectOf(sentence.previous) : undefined;
  return verb === undefined || subject === undefined
    ? text
    : text.replace(ITS_OBJECT, `${verb} ${lowered(subject).replaceAll('$', '$$$$')} `);
}

const lastClause = (text: string): string => {
  const last = clauses(text).at(-1);
  return last === undefined ? text : text.slice(last.start, last.end).replace(/[,;\s]+$/u, '');
};

/** "but it sold well": the pronoun gives way to what it means; where that is not clear it stays. */
function withAntecedent(sentence: Sentence, span: Span, text: string): string {
  const missing = PRONOUN.exec(text);
  if (span.start === 0 || missing === null) return text;
  const pronoun = /^they$/iu.test(missing[1] ?? '') ? 'they' : 'it';
  const rest = text.slice(missing[0].length);
  const meant = antecedentOf(pronoun, rest, lastClause(sentence.text.slice(0, span.start)));
  return meant === undefined ? text : `${meant} ${rest}`;
}

/** "and could be toured": the subject is that of the sentence, when the statement is not its first. */
function withSubject(sentence: Sentence, span: Span, text: string): string {
  const missing = BARE_MODAL.exec(text);
  const subject = span.start === 0 || missing === null ? undefined : subjectOf(sentence);
  return missing === null || subject === undefined
    ? withAntecedent(sentence, span, text)
    : `${subject} ${text.slice(missing[0].length)}`;
}

/** "and could crack": one verb alone says too little. */
function withOwnSubject(sentence: Sentence, text: string): string | undefined {
  const subject = subjectOf(sentence);
  return subject === undefined ? undefined : `${subject} ${text.replace(/^and\s/iu, '')}`;
}

/** The words of a span as a phrase that can stand alone: pronouns that point outside are replaced by what they point to. */
export function phraseOf(sentence: Sentence, span: Span): string {
  const text = sentence.text.slice(span.start, span.end).trimStart();
  if (RELATIVE.test(text)) return `${antecedent(sentence.text.slice(0, span.start))} ${text.replace(RELATIVE, '')}`;
  const plain = text.replace(MODAL, '');
  if (plain !== text && !/\S\s+\S/u.test(plain)) return withOwnSubject(sentence, text) ?? plain;
  return plain === text ? withObject(sentence, withSubject(sentence, span, text)) : plain;
}
