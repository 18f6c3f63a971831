import { stem } from '../text/stem.policy.js';
import { isAgent, OF_AGENTS, OF_THINGS } from './antecedent.lexicon.js';
import { VERBS } from './verbs.lexicon.js';

/** What a clause is about and what it acts on, each without what hangs on it ("a grant of 80,000 euros" → "a grant"). */
interface Parties {
  readonly subject: string | undefined;
  readonly object: string | undefined;
}

const MODAL = /^(?:would|will|could|may|might|can|should|must)$/iu;
const BE = /^(?:is|are|was|were|be|been|seems?|looks?|remains?|becomes?)$/iu;
const TO_WHOM = /^(?:us|me|him|her|them|you)$/iu;
const IRREGULAR =
  /^(?:paid|bought|sold|built|gave|got|kept|made|found|held|brought|took|chose|won|lost|left|let|lent|led|met|ran|saw|sent|spent|wrote|said|owns?|has|have|had)$/iu;
const POINTING = /^(?:it|they|we|i|he|she|there|this|that|these|you)$/iu;
const DETERMINER =
  /^(?:an?|the|our|their|its|his|her|my|your|this|that|these|those|some|no|every|each|any|all|both)$/iu;
const JOINT =
  /^(?:of|for|from|in|on|with|to|by|at|until|about|over|under|per|as|after|before|during|since|through|into|than|because|which|that|who|and|or|but|worth)$/iu;
const ADVERB = /^(?:also|now|still|only|just|not|never|then|already|soon|\p{L}+ly)$/iu;
const LEADING = /^(?:if|when|while|although|though|because|since|but|and|so|yet)\s/iu;
const LONGEST_SUBJECT = 8;
const LONGEST = 5;

const VERB_STEMS: ReadonlySet<string> = new Set([...Array.from(VERBS, stem), ...OF_AGENTS, ...OF_THINGS]);

const isVerb = (word: string): boolean =>
  MODAL.test(word) || BE.test(word) || IRREGULAR.test(word) || VERB_STEMS.has(stem(word.toLowerCase()));

/** The words of a noun phrase that begins at `from`, up to what hangs on it. Nothing when none begins there. */
function phraseAt(words: readonly string[], from: number): string | undefined {
  const rest = words.slice(from);
  const end = rest.findIndex((word, index) => JOINT.test(word) || (index > 0 && /[,;:]$/.test(rest[index - 1] ?? '')));
  const phrase = (end === -1 ? rest : rest.slice(0, end)).join(' ').replace(/[,;:.]+$/u, '');
  const size = phrase === '' ? 0 : phrase.split(' ').length;
  return size === 0 || size > LONGEST || POINTING.test(phrase) ? undefined : phrase;
}

/** A verb is a known one, or looks like one before an article: "the office grants a credit". */
function partiesOf(clause: string): Parties {
  const words = clause.trim().replace(LEADING, '').split(/\s+/);
  const verb = words.findIndex(
    (word, index) =>
      index > 0 &&
      index <= LONGEST_SUBJECT &&
      !DETERMINER.test(words[index - 1] ?? '') &&
      (isVerb(word) || (/.(?:s|ed)$/u.test(word) && DETERMINER.test(words[index + 1] ?? ''))),
  );
  if (verb === -1) return { subject: undefined, object: undefined };
  const subject = words.slice(0, verb).join(' ');
  const main = MODAL.test(words[verb] ?? '') ? skipped(words, verb + 1, ADVERB) : verb;
  if (BE.test(words[main] ?? '')) return { subject, object: undefined };
  return { subject, object: phraseAt(words, skipped(words, skipped(words, main + 1, ADVERB), TO_WHOM)) };
}

function skipped(words: readonly string[], from: number, what: RegExp): number {
  const length = words.slice(from).findIndex((word) => !what.test(word));
  return length === -1 ? words.length : from + length;
}

const headOf = (phrase: string): string =>
  phrase.split(/\s(?:of|for|from|in|on|with|to|by|at|about)\s/iu, 1)[0] ?? phrase;

const isPlural = (phrase: string): boolean =>
  /\sand\s/iu.test(phrase) || /(?:[^siu]s|people|children)$/iu.test(headOf(phrase).trim());

/** "Opening on Sundays", a whole course of action, is one thing. */
const isGerund = (phrase: string): boolean => /^\p{L}{2,}ing\b/iu.test(phrase);

type Calls = 'thing' | 'agent' | 'either';

/** Whom the verb calls for: the first word after the pronoun that is neither a modal nor an adverb. */
function callsFor(predicate: string): Calls {
  const verb = predicate.split(/\s+/).find((word) => !MODAL.test(word) && !ADVERB.test(word));
  const root = stem((verb ?? '').toLowerCase().replace(/\W+$/u, ''));
  if (OF_AGENTS.has(root)) return 'agent';
  return OF_THINGS.has(root) || root === 'ran' || root === 'sold' ? 'thing' : 'either';
}

function fits(phrase: string, pronoun: 'it' | 'they', calls: Calls): boolean {
  if (POINTING.test(phrase)) return false;
  if ((!isGerund(phrase) && isPlural(phrase)) !== (pronoun === 'they')) return false;
  return calls === 'either' || (!isGerund(phrase) && isAgent(headOf(phrase))) === (calls === 'agent');
}

/**
 * What `it` or `they` means before `predicate`, given the clause before it: its subject or its object, whichever agrees in number
 * and can do what the verb says. Undefined when neither fits, or both do and nothing tells them apart.
 */
export function antecedentOf(pronoun: 'it' | 'they', predicate: string, clause: string): string | undefined {
  const { subject, object } = partiesOf(clause);
  const calls = callsFor(predicate);
  const [first, second] = [subject, object].filter((each) => each !== undefined && fits(each, pronoun, calls));
  return second === undefined ? first : undefined;
}
