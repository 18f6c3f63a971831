import type { Span } from '../text/sentences.policy.js';
import { HEDGES } from '../text/stop-words.lexicon.js';
import { isContent, words } from '../text/words.policy.js';
import { SAYINGS } from './sayings.lexicon.js';
import { isDeed, isVerbal, VERBS } from './verbs.lexicon.js';

/** One way to go, in the writer's words; `text` may be completed from its neighbour ("buy or lease buses" → "buy buses"). */
export interface Alternative {
  readonly text: string;
  /** Where its own words stand, as offsets into the text that was taken apart. */
  readonly span: Span;
}

const OR =
  /,?\s+(?:or(?:\s+(?:else|rather|alternatively))?|versus|vs\.?|instead\s+of|rather\s+than|as\s+opposed\s+to)\s+/giu;
const AND = /,?\s+and\s+/giu;
const COMMA = /,\s+/gu;
const PREPOSITION = /\s(?:for|at|in|on|during|with|by|to|from|over|per|after|before|until|through)\s/iu;

/** "But", a reason or a comment: what follows is about the choice and no part of it. */
const BEYOND =
  /[.;]\s|,?\s(?:but|because|although|though|unless|whereas|so that)\s|,\s(?:so|which|since|as|and (?:then|we|i|they|it|the|that|both|neither|each))\s|\s[–—]\s/iu;
const NUMBER = /^(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve)$/iu;

/** "Sooner or later", "two or three weeks", "a year or so": one thing said with "or". */
function isOneThing(text: string, match: RegExpExecArray): boolean {
  const left = /[\p{L}\p{N}.,]+$/u.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0] ?? '';
  const right = /^[\p{L}\p{N}]+/u.exec(text.slice(match.index + match[0].length))?.[0] ?? '';
  if (NUMBER.test(left) && (NUMBER.test(right) || /^(?:more|fewer|less)$/iu.test(right))) return true;
  return /^so$/iu.test(right) || SAYINGS.has(`${left} ${right}`.toLowerCase());
}

function cut(text: string, base: number, at: RegExp): readonly Alternative[] {
  const found: Alternative[] = [];
  let start = 0;
  const apart = Array.from(text.matchAll(at)).filter((match) => !isOneThing(text, match));
  for (const match of [...apart, undefined]) {
    const end = match?.index ?? text.length;
    found.push({ text: text.slice(start, end), span: { start: base + start, end: base + end } });
    start = end + (match?.[0].length ?? 0);
  }
  return found;
}

const says = (part: Alternative): boolean =>
  words(part.text, 0).some((word) => isContent(word) && !NUMBER.test(word.lower) && !HEDGES.has(word.lower));
const isShort = (part: Alternative): boolean => part.text.split(/\s+/).length <= 9;

/** "Refinance the loan": a word before an article is a verb, unless it only leads to it. */
const TAKES_OBJECT =
  /^(?!(?:not|no|all|both|half|only|just|even|than|of|into|onto|through|after|before|over|under|between|without|or|and|but|like|as|at|via|per)\s)\p{Ll}{3,20}\s(?:an?|the|our|my|their|it|them)\s/u;

/** Members of one list begin alike: all with a verb, or none, and none with a number or a preposition. */
function alike(parts: readonly Alternative[]): boolean {
  const plain = parts.map(({ text }) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^(?:to|either)\s/u, ''),
  );
  const first = plain.map((text) => text.split(/\s+/, 1)[0] ?? '');
  if (first.some((word) => /^(?:\d.*|for|at|in|on|by|with|from|which|who|about|under|over)$/.test(word))) return false;
  const verbs = plain.filter((text) => isVerbal(text) || TAKES_OBJECT.test(text)).length;
  return verbs === 0 || verbs === first.length;
}

const ELLIPTIC = /^(?:(?:only|just)\s)?(?:for|at|in|on|during|with|by|from|over|per|after|before|until|through)\s/iu;
const SOMEWHEN = /\s(?:now|today|soon|immediately|(?:this|next)\s\p{L}{3,12})$/iu;
/** A thing, not a time. */
const OBJECT =
  /^(?:an?|the|another|our|my|their|its|his|her)\s(?!(?:day|week|month|quarter|season|spring|summer|autumn|winter|year|other)\b)/iu;
const ITS_OBJECT = /^([\p{L}-]{2,20})\s(?:it|them)(?=\s|$)/iu;

/** What is done in "repair the roof this year" is done to "the roof". */
const objectOf = (text: string): string | undefined =>
  /^[\p{L}-]{2,20}\s((?:an?|the|our|my|their|its|his|her)\s(?:[\p{L}\p{N}'’-]{1,30}\s?){1,4})/iu
    .exec(text.split(PREPOSITION, 1)[0] ?? '')?.[1]
    ?.trim();

/** "Replacing it" after "repairing the roof": the object is shared. */
function withObject(text: string, first: string): string {
  const object = isDeed(first) && isDeed(text) && ITS_OBJECT.test(text) ? objectOf(first) : undefined;
  return object === undefined ? text : text.replace(ITS_OBJECT, (_, verb: string) => `${verb} ${object}`);
}

/** "The forest site" after "book the lake site": the verb is shared. */
function withVerb(text: string, first: string): string {
  const [verb = ''] = first.split(/\s/u, 1);
  const sharing = isVerbal(first) && OBJECT.test(first.slice(verb.length + 1)) && !PREPOSITION.test(first);
  return sharing && OBJECT.test(text) ? `${verb} ${text}` : text;
}

/** "to a cheaper one" after "keep the supplier": the noun is shared. "only during lessons" after "ban phones for the whole day": the beginning is shared. */
function completed(part: Alternative, first: Alternative): string {
  const whole = first.text.trim().replace(/^(?:to|either)\s/iu, '');
  const noun = whole.split(/\s+/).at(-1) ?? '';
  if (/\s(?:an?|the)\s[\p{L}-]{2,20}\sone$/iu.test(part.text)) return part.text.replace(/one$/iu, noun);
  const whither = /^to\s/iu.test(part.text) && /\sto\s/iu.test(whole) && !isDeed(part.text.slice('to '.length));
  if (whither) return `${whole.slice(0, whole.search(/\sto\s/iu))} ${part.text}`;
  if (!ELLIPTIC.test(part.text)) return withObject(withVerb(part.text, whole), whole);
  const head = PREPOSITION.exec(first.text);
  const begun = head === null ? first.text.replace(SOMEWHEN, '') : first.text.slice(0, head.index);
  return `${begun} ${part.text}`;
}

function shared(part: Alternative, last: Alternative): string {
  const [verb, ...others] = part.text.trim().split(/\s+/);
  const [lastVerb, ...object] = last.text.trim().split(/\s+/);
  const bare = verb !== undefined && others.length === 0 && VERBS.has(verb.toLowerCase());
  const isThing =
    object.length > 0 && !/^(?:to|for|at|in|on|with|by|from|into|away|until|after)$/iu.test(object[0] ?? '');
  return bare && lastVerb !== undefined && isThing && VERBS.has(lastVerb.toLowerCase())
    ? `${verb} ${object.join(' ')}`
    : part.text;
}

/** Nobody chooses from more: it is no list of alternatives. */
const MOST = 12;

/** Takes "A, B or C" apart (with `joiner` 'and': "between A, B and C"). Empty when there are not two things to choose from. */
export function alternatives(text: string, joiner: 'or' | 'and'): readonly Alternative[] {
  const choice = withoutComment(text, joiner);
  const outer = cut(choice, 0, joiner === 'or' ? OR : AND);
  if (outer.length < 2 || outer.length > MOST) return [];
  const parts = outer.flatMap((part, index) => {
    if (index === outer.length - 1) return [part];
    const inner = cut(part.text, part.span.start, COMMA);
    return inner.every((one) => isShort(one) && says(one)) && alike(inner) ? inner : [part];
  });
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || !parts.every(says)) return [];
  return withoutPurpose(parts).map((part, index) => ({
    ...part,
    text: index === 0 ? shared(part, last) : completed(part, first),
  }));
}

const PURPOSE = /\sfor\s\S.*$/iu;

/** "A heat pump or a new boiler for the school": what both are for is no part of the second. */
function withoutPurpose(parts: readonly Alternative[]): readonly Alternative[] {
  const last = parts.at(-1);
  const purpose = PURPOSE.exec(last?.text ?? '');
  const named = parts.every(({ text }) => !isDeed(text.trim()));
  if (last === undefined || purpose === null || !named) return parts;
  const alone = parts.slice(0, -1).every(({ text }) => !/\sfor\s/iu.test(text));
  const { start } = last.span;
  const cutShort = { text: last.text.slice(0, purpose.index), span: { start, end: start + purpose.index } };
  return alone && says(cutShort) ? [...parts.slice(0, -1), cutShort] : parts;
}

/** A comment that follows the last alternative is left out; one before it would tear the choice apart. */
function withoutComment(text: string, joiner: 'or' | 'and'): string {
  const last = Array.from(text.matchAll(joiner === 'or' ? OR : AND)).at(-1);
  if (last === undefined) return text;
  const from = last.index + last[0].length;
  const beyond = BEYOND.exec(text.slice(from));
  return beyond === null ? text : text.slice(0, from + beyond.index);
}

/** `alternatives` that are all things to do: "hire two nurses or buy software". "Check or update the signs" is one thing to do. */
export function courses(text: string): readonly Alternative[] {
  const found = alternatives(text, 'or');
  const plain = found.map((each) => each.text.trim().replace(/^(?:to|either|we|i|they)\s/iu, ''));
  const isShared = found[0] !== undefined && found[0].text !== text.slice(found[0].span.start, found[0].span.end);
  const all = plain.every((each) => isDeed(each) || TAKES_OBJECT.test(each.toLowerCase()));
  return all && !isShared && plain.some(isDeed) ? found : [];
}
