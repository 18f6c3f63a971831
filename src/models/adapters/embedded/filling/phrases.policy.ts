import { coverage } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import { clauses } from '../text/clauses.policy.js';
import { terms, words } from '../text/words.policy.js';
import { type Evidence, writtenOf } from './evidence.policy.js';
import type { Topic } from './topic.policy.js';

const LINK =
  /^(?:is|are|was|were|be|equals|called|named|means|includes?|including|contains?|consists? of|needs?|requires?)$/iu;
const BETWEEN = /^(?:of|for|will|would|should|must|currently|now|still|also|the|our|this)$/iu;
const POINTING = /^(?:it|this|that|these|those|he|she|they|there|we|you|i|what|which|who)\b/iu;
const ENDS = /[.,;!?]\s|[.;!?]$|\s(?:and|but|which|because|while|whereas|so)\s/u;
const SUBJECT_OF = /^(.{1,80}?)\s(?:is|are|was|were|will be)\s(?:the|an?|our|their|his|her)\s/iu;
/** Words that may stand between what is named and the verb that says what it is. */
const REACH = 4;
const LONGEST_SUBJECT = 6;

const upToEnd = (text: string): string => text.slice(0, ENDS.exec(text)?.index ?? text.length).trim();

/** Where "the capital … is" ends in a sentence about a capital: what comes next says what it is. */
function behindLink(sentence: Sentence, { terms: asked }: Topic): string | undefined {
  const text = writtenOf(sentence);
  const all = words(text, 0);
  for (const [at, word] of all.entries()) {
    if (!asked.has(word.stem)) continue;
    const link = all.findIndex((each, index) => index > at && index <= at + REACH && LINK.test(each.text));
    const between = all.slice(at + 1, link);
    const next = all[link + 1];
    if (
      link === -1 ||
      next === undefined ||
      (between.length > 2 && !between.some(({ text: each }) => BETWEEN.test(each)))
    )
      continue;
    return text.slice(next.start);
  }
  return undefined;
}

/** All of "the ingredients are flour, eggs and milk" behind the verb, up to the end of the sentence. */
export const listBehind = (sentence: Sentence, topic: Topic): string | undefined => behindLink(sentence, topic);

/** "The capital is Paris": Paris. */
export function complement(sentence: Sentence, topic: Topic): string | undefined {
  const behind = behindLink(sentence, topic);
  const value = behind === undefined ? '' : upToEnd(behind).replace(/^(?:called|named|known as)\s/iu, '');
  return value === '' ? undefined : value;
}

/** "Paris is the capital of France": Paris. */
export function subject(sentence: Sentence, { terms: asked }: Topic): string | undefined {
  const text = writtenOf(sentence);
  const [all = '', found = ''] = SUBJECT_OF.exec(text) ?? [];
  if (found === '' || POINTING.test(found) || found.split(' ').length > LONGEST_SUBJECT) return undefined;
  const said = words(upToEnd(text.slice(all.length)), 0);
  return said.slice(0, REACH).some(({ stem }) => asked.has(stem)) ? found : undefined;
}

/** The statement of a sentence that has most to do with what is asked. */
export function statement(sentence: Sentence, { terms: asked, about }: Topic, { known }: Evidence): string {
  const text = writtenOf(sentence);
  const wanted = new Set([...asked, ...about]);
  const all = clauses(text).map(({ start, end }) => text.slice(start, end).trim());
  const worth = new Map(all.map((each) => [each, coverage(wanted, terms(words(each, 0)), known)]));
  const [best = text] = all.toSorted((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
  return best.replace(/[.,;:]+$/u, '');
}
