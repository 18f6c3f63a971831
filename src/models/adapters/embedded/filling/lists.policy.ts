import type { JsonSchema } from '../../../json-schema.js';
import { sharedTerms } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import { terms, words } from '../text/words.policy.js';
import { type Evidence, writtenOf } from './evidence.policy.js';
import { hasForm } from './forms.policy.js';
import { shaped } from './matching.policy.js';
import { listBehind } from './phrases.policy.js';
import { labelled, relevant } from './relevance.policy.js';
import { formed, namesFor, statements } from './strings.policy.js';
import type { Topic } from './topic.policy.js';

const BETWEEN = /\s*(?:[,;]\s+(?:and|or)\s|[,;]\s|\s(?:and|or|as well as|plus)\s|\s&\s)\s*/iu;
/** Names of lists that say nothing about what is listed. */
const ANY_LIST = /^(?:items?|points?|steps?|list|entries|facts?|ideas?|tasks?|bullets?|elements?|values?|lines?)$/;
const MOST_LISTED = 200;

/** Every string that a property asks for, in the order of the text. */
export function stringsFor(topic: Topic, items: JsonSchema, evidence: Evidence): readonly string[] {
  const found = candidates(topic, evidence).flatMap((value) => shaped(value, items) ?? []);
  return [...new Set(found)].slice(0, MOST_LISTED);
}

function candidates(topic: Topic, evidence: Evidence): readonly string[] {
  if (topic.hint !== undefined && hasForm(topic.hint)) return [...formed(topic, evidence)];
  const [told] = labelled(topic, evidence);
  if (told !== undefined) return listed(told);
  const bullets = itemsOf(topic, evidence);
  if (bullets.length > 0) return bullets.map(writtenOf).map(withoutEnd);
  const found = relevant(topic, evidence);
  const behind = found.flatMap((sentence) => listed(listBehind(sentence, topic) ?? ''));
  if (behind.length > 0) return behind;
  return namesFor(topic, evidence) ?? statements(topic, evidence, inOrder(found));
}

const inOrder = (sentences: readonly Sentence[]): readonly Sentence[] =>
  sentences.toSorted((a, b) => a.order - b.order);

const withoutEnd = (text: string): string => text.replace(/[.,;:]+$/u, '').trim();

/** "Flour, two eggs and milk." */
function listed(text: string): readonly string[] {
  const [list = ''] = text.split(/[.!?](?:\s|$)/u, 1);
  return list
    .split(BETWEEN)
    .map(withoutEnd)
    .filter((each) => each !== '');
}

/** The bullets under a heading or a line that speaks of what is asked; all of them for a list of anything. */
export function itemsOf(topic: Topic, { sentences }: Evidence): readonly Sentence[] {
  let lead: Sentence | undefined;
  const found: Sentence[] = [];
  for (const sentence of sentences) {
    if (sentence.place !== 'item') {
      lead = sentence;
      continue;
    }
    const above = [lead?.text, sentence.topic, sentence.section?.title].map((text) => terms(words(text ?? '', 0)));
    if (above.some((said) => sharedTerms(topic.terms, said).length > 0)) found.push(sentence);
  }
  const anything = found.length === 0 && topic.name.some((word) => ANY_LIST.test(word));
  return anything ? sentences.filter(({ place }) => place === 'item') : found;
}
