import type { CLARIFY_BRIEF } from '../../../tasks/clarify-brief.schema.js';
import type { TaskInput } from '../../../tasks/task.js';
import type { Gap } from './gap.js';

type Answers = TaskInput<typeof CLARIFY_BRIEF>['answers'];

const NOT_KNOWN =
  /^(?:\s*|(?:i |we )?(?:do not|don['’]t) know(?: yet)?|unknown|no idea|not sure|unsure|unclear|tb[dc]|n\/?a|none|nothing|-|\?+)[.!\s]*$/iu;

const letters = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
/** What a question asks, whatever it is asked about: the words outside the quotation marks. */
const frame = (text: string): string => letters(text.replace(/“[^”]*”/gu, ' '));
const quotes = (text: string): string => letters((text.match(/“[^”]*”/gu) ?? []).join(' '));

export const isAnswer = (answer: string): boolean => !NOT_KNOWN.test(answer);

/** A gap that was asked about before: in the same words, or about the same words. */
const isSame = (gap: Gap, question: string): boolean =>
  letters(question) === letters(gap.question) ||
  (frame(question) === frame(gap.question) &&
    (gap.weight === 0 ? quotes(question) === quotes(gap.question) : overlaps(quotes(question), quotes(gap.question))));

/** Whether excerpt words have more than half in common. */
function overlaps(one: string, other: string): boolean {
  const [first, second] = [new Set(one.split(' ')), new Set(other.split(' '))];
  const common = [...first].filter((word) => second.has(word)).length;
  return common * 2 >= Math.min(first.size, second.size);
}

/** What became of a gap: still to be asked, answered, or asked in vain. */
export function stateOf(gap: Gap, answers: Answers): 'open' | 'answered' | 'unanswered' {
  const before = answers.filter(({ question }) => isSame(gap, question));
  if (before.length === 0) return 'open';
  return before.some(({ answer }) => isAnswer(answer)) ? 'answered' : 'unanswered';
}
