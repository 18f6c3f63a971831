import { type Amount, amountsIn } from './amounts.policy.js';
import { lower } from './label.policy.js';
import { stem } from './stem.policy.js';
import { terms, words } from './words.policy.js';

/** The most that may be spent, take or hold; or what something would spend, take or fill. */
export interface Bound {
  readonly is: 'limit' | 'need';
  readonly amount: Amount;
  /** What it is about: the marketing budget speaks of marketing. Nothing: of everything. */
  readonly about: ReadonlySet<string>;
}

/** Before a figure: it is the most there may be. */
const MOST =
  /\b(?:at most|no more than|not more than|up to|below|under|less than|within|(?:not|never) (?:to )?exceed|maximum(?: of)?|max\.?|capped at|limited to|no later than|not later than)\s(?:(?:the|about|a|total of|end of)\s){0,2}$/iu;
const BY_THEN = /\b(?:by|before|until)\s(?:(?:the|end of)\s){0,2}$/iu;
/** A thing that limits, with its figure behind it and nothing but grammar between. */
const LIMITING =
  /\b(budget|limit|cap|ceiling|maximum|capacity|headcount|deadline|due date|due|funds|funding|reserve|allowance|threshold)s?\b(?:\sfor\s([^:,;.]{2,40}?))?(?:\s?[:=]\s?|\s(?:is|are|was|has been|of|stands|will be|remains|comes|amounts)\b)[^.;:]{0,24}$/iu;
const HOLDS =
  /\b(?:seats?|holds?|takes? in|accommodates?|has room for|have room for|fits?)\s(?:(?:only|at most|up to|no more than)\s)?$/iu;
const AT_MOST_BEHIND = /^\s?(?:at most|or less|maximum|max\b|at the latest|or fewer)/iu;
/** What says that a figure is spent, taken or filled. */
const NEEDS: Readonly<Record<'money' | 'days' | 'date' | 'count', RegExp>> = {
  money:
    /\b(?:costs?|costing|price[ds]?|spend(?:s|ing)?|pays?|paying|invest(?:s|ing|ment)?|needs?|requires?|takes?|expenses?|bills?|fees?|amounts? to|comes? to|expenditure|outlay)\b/iu,
  days: /\b(?:takes?|taking|needs?|requires?|lasts?|duration|ready in|done in|finished in|completed in|delivered in|lead time|delivery)\b/iu,
  date: /\b(?:ready|done|finish(?:e[sd])?|complet(?:e[sd]?|ion)|deliver(?:s|ed|y)?|opens?|opening|starts?|ends?|goes? live|go-live|launch(?:es|ed)?|arrives?|available)\b/iu,
  count:
    /\b(?:need(?:s|ed)?|require[sd]?|takes?|hir(?:es?|ed|ing)|employ(?:s|ed|ing)?|host(?:s|ed|ing)?|invit(?:es?|ed|ing)|serv(?:es?|ed|ing)|admit(?:s|ted)?|expect(?:s|ed)?|attend(?:s|ed)?|comes?|bring(?:s|ing)?|uses?)\b/iu,
};
/** "50,000 EUR more revenue", "earns 50,000 EUR": no cost. */
const INCOME =
  /\b(?:revenue|income|profit|earn(?:s|ings)?|sales|saves?|savings?|grant|subsidy|brings? in|donat\w+|benefit)\b/iu;
const GENERAL = new Set(
  `project plan whole total overall budget cost limit cap maximum must stay remain keep spend spent pay price money amount available fixed
  annual own set decision everything all need require take hold board council approve grant finish done complete ready`
    .trim()
    .split(/\s+/)
    .map(stem),
);
const LONGEST_MODIFIER = 2;

const topics = (text: string): ReadonlySet<string> =>
  new Set([...terms(words(text, 0))].filter((term) => !GENERAL.has(term) && !/^\d/.test(term)));

/** "The marketing budget", "the budget for the opening"; "staff costs stay below …". */
function aboutOf(front: string, limiting: RegExpExecArray | null): ReadonlySet<string> {
  if (limiting === null) return topics(front.replace(MOST, '').replace(BY_THEN, ''));
  const modifier = front.slice(0, limiting.index).trimEnd().split(/\s+/).slice(-LONGEST_MODIFIER);
  const own = modifier.slice(modifier.findLastIndex((word) => terms(words(word, 0)).size === 0) + 1);
  return topics(`${own.join(' ')} ${limiting[2] ?? ''}`);
}

const kindOf = (measure: string): keyof typeof NEEDS =>
  measure === 'days' || measure === 'date'
    ? measure
    : /^(?:eur|usd|gbp|yen|chf|krona|rupee|peso)$/.test(measure)
      ? 'money'
      : 'count';

/** A figure, judged by the words around it up to the figures before and behind. */
function boundOf(amount: Amount, front: string, back: string): Bound | undefined {
  const kind = kindOf(amount.measure);
  const limiting = LIMITING.exec(front);
  const isMost = MOST.test(front) || AT_MOST_BEHIND.test(back);
  const isThen = kind === 'date' && BY_THEN.test(front);
  if (limiting !== null || isMost || isThen || (kind === 'count' && HOLDS.test(front))) {
    return { is: 'limit', amount, about: kind === 'count' ? new Set() : aboutOf(front, limiting) };
  }
  const around = `${front} ${back}`;
  const isNeed = NEEDS[kind].test(around) && !(kind === 'money' && INCOME.test(around));
  return isNeed ? { is: 'need', amount, about: terms(words(around, 0)) } : undefined;
}

/** The limits and the needs that a sentence states in figures. */
export function boundsIn(sentence: string): readonly Bound[] {
  const text = lower(sentence);
  const amounts = amountsIn(text).toSorted((a, b) => a.start - b.start);
  return amounts.flatMap((amount, index) => {
    const front = text.slice(amounts[index - 1]?.end ?? 0, amount.start);
    return boundOf(amount, front, text.slice(amount.end, amounts[index + 1]?.start)) ?? [];
  });
}

/** Whether what is needed is more than a limit on the same thing allows. */
export const exceeds = (need: Bound, limit: Bound): boolean =>
  need.is === 'need' &&
  limit.is === 'limit' &&
  need.amount.measure === limit.amount.measure &&
  need.amount.value > limit.amount.value &&
  (limit.about.size === 0 || [...limit.about].some((term) => need.about.has(term)));
