import { sharedTerms } from '../drafting/vocabulary.policy.js';
import { denialIn } from '../reading/denial.policy.js';
import type { Sentence } from '../reading/source.js';
import type { Evidence } from './evidence.policy.js';
import { labelled, relevance } from './relevance.policy.js';
import type { Topic } from './topic.policy.js';

const YES = /^(?:yes|true|y|on|1|done|ok)\b/iu;
const NO = /^(?:no|false|n|off|0|none|never|not)\b/iu;
const WITHOUT =
  /\b(?:without|lacks?|lacking|no longer|isn['’]?t|aren['’]?t|wasn['’]?t|doesn['’]?t|free of)\b[^,;.]{0,40}$/iu;
/** Part of the words of a name that must be spoken of. */
const ENOUGH = 0.5;

/** Whether something is said (`true`) or denied (`false`); `undefined` when it is not spoken of. */
export function saidFor(topic: Topic, evidence: Evidence): boolean | undefined {
  for (const value of labelled(topic, evidence)) {
    if (YES.test(value)) return true;
    if (NO.test(value)) return false;
  }
  const spoken = evidence.sentences
    .filter((sentence) => sharedTerms(topic.terms, sentence.terms).length > topic.terms.size * ENOUGH - 0.001)
    .filter((sentence) => relevance(sentence, topic, evidence) > 0)
    .sort((a, b) => relevance(b, topic, evidence) - relevance(a, topic, evidence) || b.order - a.order);
  const [best] = spoken;
  return best === undefined ? undefined : !isDenied(best, topic.terms);
}

/** Whether a sentence denies the first of these words that it speaks. */
export function isDenied(sentence: Sentence, stems: ReadonlySet<string>): boolean {
  const word = sentence.words.find((each) => stems.has(each.stem));
  if (word === undefined) return false;
  const at = word.start - sentence.span.start;
  const behind = sentence.text.slice(at + word.text.length, at + word.text.length + 30);
  const lead = sentence.text.slice(0, at);
  return denialIn(lead) !== undefined || WITHOUT.test(lead) || DENIED_BEHIND.test(behind);
}

/** "Parking is not available". */
const DENIED_BEHIND =
  /^\s(?:(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could)\s(?:not|no|never)\b|(?:isn|aren|wasn|weren|doesn|don|didn|hasn|haven|won|wouldn|can|couldn)['’]?t\b|cannot\b)/iu;
