import { type Candidate, candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { askedFrom } from '../reading/subject.policy.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { clip } from '../text/clip.policy.js';
import { lower } from '../text/label.policy.js';
import { inPhrase, shortened } from './named.policy.js';
import { troubled } from './trouble.policy.js';
import type { Unclaimed } from './unclaimed.js';
import { coverage } from './vocabulary.policy.js';

const LONGEST = 90;

const NEED =
  /^(?:so\s)?(?:we|i|they)\s(?:all\s)?(?:really\s)?need\s(?!to\b)|^needs?\s(?=(?:an?|more|new|better|some)\s)|\b(?:cannot|can['’]t|must not)\s(?:afford to\s)?(?:lose|miss|fail|risk)\b/iu;

const NEEDING = /^(?:so\s)?(?:(?:we|i|they)\s(?:all\s)?(?:really\s)?)?needs?\s(?!it\b|them\b|this\b|that\b)/iu;

/** As near to a wish as a statement comes. */
export const isNeed = ({ text }: Sentence): boolean => NEED.test(text);

/** "Our investors are asking for break-even by December": what others want of the writer. */
const CALLED_FOR =
  /\b(?:are|is|keeps?|has been|have been|were|was)\s(?:asking|calling|pressing|pushing|begging|hoping)\sfor\s(?!it\b|them\b|this\b|that\b|us\b|help\b|advice\b|an?\s(?:decision|answer|quote|reply|opinion|subsidy|grant|loan)\b)/iu;

const guess = (from: Candidate, text: string, longest = LONGEST): Candidate => ({
  ...from,
  kind: 'goal',
  label: clip(text, longest),
  score: 0.8,
  via: { by: 'inferred', words: from.label },
});

const ofBrief = ({ source, addressed, question, place }: Sentence): boolean =>
  source.kind === 'brief' && !addressed && !question && place !== 'heading';

function fromWords(sentence: Sentence, start: number): Candidate | undefined {
  const span = { start, end: sentence.text.length };
  const found = candidate(sentence, { kind: 'goal', span, score: 0.8, via: { by: 'inferred', words: '' } });
  return found === undefined ? undefined : guess(found, found.label);
}

/** What somebody needs or asks for, in as many words. */
function calledFor({ sentences, taken }: Unclaimed): Candidate | undefined {
  const open = new Set(taken.filter(({ kind }) => kind === 'option').map(({ sentence }) => sentence));
  for (const each of sentences.filter(ofBrief)) {
    const asked = CALLED_FOR.exec(each.text);
    if (asked !== null) return fromWords(each, asked.index + asked[0].length);
    if (isNeed(each) && !open.has(each)) return fromWords(each, NEEDING.exec(each.text)?.[0].length ?? 0);
  }
  return undefined;
}

/** "Reduce food waste.": an instruction that makes something better is what the rest is for. */
function instructed({ taken }: Unclaimed): Candidate | undefined {
  const found = taken.find(
    ({ kind, via, tone, sentence }) =>
      kind === 'action' && via.by === 'instruction' && tone > 0.5 && ofBrief(sentence) && sentence.place !== 'item',
  );
  return found === undefined ? undefined : guess(found, found.label);
}

/** What goes wrong already is to be remedied; what is only feared, to be averted. */
function relieved(from: Unclaimed): Candidate | undefined {
  const { statement, isFeared } = troubled(from) ?? {};
  if (statement === undefined) return undefined;
  return guess(
    statement,
    `${isFeared === true ? 'Avert' : 'Remedy'}: ${lower(statement.label.replace(/^(?:If|When)\s/u, ''))}`,
  );
}

const PROMISED =
  /\b(?:would|will|could|should)\s(?:(?:also|probably|perhaps|likely|greatly)\s){0,2}(?:(?:let|allow|help|enable)\s(?:us|them|me|everyone|people)\s(?:to\s)?)?/iu;

/** "Leasing would cut the bill": what speaks for an option is wanted of all of them. */
function promised({ taken }: Unclaimed): Candidate | undefined {
  const welcome = taken.filter(({ kind, tone, sentence }) => kind === 'outcome' && tone > 0.25 && ofBrief(sentence));
  for (const each of welcome) {
    const verb = PROMISED.exec(each.label);
    const rest = verb === null ? each.label : each.label.slice(verb.index + verb[0].length);
    if (isVerbal(rest)) return guess(each, `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`);
  }
  return undefined;
}

const SETTLED = 'Settle: ';

/** Whether all that is known of what is wanted is that the question be settled. */
export const isSettling = ({ via, label }: Candidate): boolean => via.by === 'inferred' && label.startsWith(SETTLED);

const LONGEST_OPEN = 110;
const SHORTEST = 12;
const JOINT = 3;

const joined = (named: readonly string[]): string =>
  named.length === 1 ? `${named[0]} or not` : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;

/** Where nothing is wanted, needed or wrong, the aim is to settle what is asked; no statement of fact stands for it. */
function settled({ options, decision }: Unclaimed): Candidate | undefined {
  const [first] = options;
  const from = decision ?? first;
  if (from === undefined) return undefined;
  if (first === undefined) return guess(from, `${SETTLED}${lower(from.label.replace(/[?？؟]+$/u, ''))}`);
  const named = inPhrase(options);
  const room = Math.max(SHORTEST, Math.floor((LONGEST_OPEN - SETTLED.length) / named.length) - JOINT);
  const whole = `${SETTLED}${joined(named)}`;
  if (whole.length <= LONGEST_OPEN) return guess(from, whole, LONGEST_OPEN);
  return guess(from, `${SETTLED}${joined(named.map((each) => shortened(each, room)))}`, LONGEST_OPEN);
}

/** The sentence that carries most of what the brief is about. */
function central({ sentences, taken, vocabulary }: Unclaimed): Sentence | undefined {
  const key = new Set(vocabulary.key);
  const own = sentences.filter(({ source }) => source.kind === 'brief');
  const unfit = ({ addressed, question, place }: Sentence): number =>
    (addressed ? 2 : 0) + (question ? 0.8 : 0) + (place === 'heading' ? 0.5 : 0);
  const spoken = (each: Sentence): number => (taken.some(({ sentence }) => sentence === each) ? 0.6 : 0);
  const worth = (each: Sentence): number => coverage(key, each.terms, vocabulary) - unfit(each) - spoken(each);
  return own.reduce<Sentence | undefined>(
    (best, each) => (best === undefined || worth(each) > worth(best) + 1e-9 ? each : best),
    undefined,
  );
}

/** A text that asks nothing: the sentence most of it is about. */
function fromCentral(from: Unclaimed): Candidate | undefined {
  const found = central(from);
  if (found === undefined) return undefined;
  const key = new Set(from.vocabulary.key);
  const telling = found.words.filter(({ stem }) => key.has(stem)).map(({ text }) => text);
  const via = { by: 'inferred', words: [...new Set(telling)].slice(0, 4).join(', ') } as const;
  const span = { start: askedFrom(found.text), end: found.text.length };
  return candidate(found, { kind: 'goal', span, score: 0.8, via });
}

/**
 * A brief without an explicit aim. What is called for stands for it, or else what goes wrong, or what an option promises; where there
 * is none of these, the question itself. Its low score says that it was not stated.
 */
export function inferGoal(from: Unclaimed): Candidate | undefined {
  return calledFor(from) ?? instructed(from) ?? relieved(from) ?? promised(from) ?? settled(from) ?? fromCentral(from);
}
