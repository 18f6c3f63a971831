import { asItStands, inItsWords, stated } from '../drafting/spoken.policy.js';
import type { Sentence } from '../reading/source.js';
import { isDated, type Quantity } from '../text/quantities.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import type { Search } from './gap.js';
import { isTold } from './told.policy.js';

const DEADLINE =
  /\b(?:by|before|until|deadline|no later than|at the latest|within|due|expires?|runs out|ends?|starts?)\b/iu;
const LASTING = /\bwithin\s(?:an?|one|two|three|four|five|six|\d{1,3})\s/iu;
const URGENT = /\b(?:soon|urgent(?:ly)?|quickly|as soon as possible|asap|shortly|in good time|eventually|some day)\b/iu;
const BUDGET =
  /\b(?:budget|at most|no more than|up to|below|under|less than|limit(?:ed)?|cap(?:ped)?|afford|reserves?|funds?|funding|grant|spend|available|savings)\b/iu;
const FIXED =
  /\b(?:must (?:not|never|stay|remain|keep|be|comply|have)|cannot|can['’]t|may not|not allowed|prohibited|required|mandatory|obliged|law|legal(?:ly)?|regulation|permit|union|contract|at least|at most|no more than|only if|under no circumstances|without (?:closing|losing|raising|cutting))\b/iu;

const DEADLINE_WEIGHT = 0.1;
const BUDGET_WEIGHT = 0.1;
const FIXED_WEIGHT = 0.06;

const isDeadline = (sentence: Sentence): boolean => {
  const { text, question } = sentence;
  return !question && ((DEADLINE.test(text) && isDated(text)) || LASTING.test(text) || isTold(sentence, 'deadline'));
};

const deadline: Search = ({ said, brief, subject }) => {
  if (said.some(isDeadline)) return [];
  const pressing = brief.find(({ text }) => URGENT.test(text));
  const word = pressing === undefined ? undefined : URGENT.exec(pressing.text)?.[0];
  return [
    {
      weight: DEADLINE_WEIGHT,
      question:
        pressing === undefined || word === undefined
          ? `By when must ${subject} be decided?`
          : `By which date is “${word}” meant in ${asItStands(pressing)}?`,
      why_we_ask:
        word === undefined
          ? 'No date was found in the brief by which anything must be settled.'
          : `“${word}” can mean anything until a date stands in its place.`,
      impacts_draft: 'A date becomes a condition of the decision, and rules out options that take longer.',
    },
  ];
};

const isMoney = ({ unit }: Quantity): boolean => unit === 'money';
/** "9 euros per kilogram", "610,000 kronor a year": a rate is no sum to pay. */
const isRate = ({ source }: Sentence, { end }: Quantity): boolean =>
  /^\s?(?:per|an?|each|every)\b/iu.test(source.cleaned.slice(end));

/** The most that is spoken of, with the sentence that does. */
function dearest(sentences: readonly Sentence[]): { readonly amount: Quantity; readonly at: Sentence } | undefined {
  const all = sentences.flatMap((at) =>
    at.quantities.filter((each) => isMoney(each) && !isRate(at, each)).map((amount) => ({ amount, at })),
  );
  return all.reduce<(typeof all)[number] | undefined>(
    (most, each) => (most === undefined || each.amount.value > most.amount.value ? each : most),
    undefined,
  );
}

const isBudget = (sentence: Sentence): boolean =>
  isTold(sentence, 'budget') || (BUDGET.test(sentence.text) && sentence.quantities.some(isMoney));

const budget: Search = ({ said, brief, subject }) => {
  if (said.some(isBudget)) return [];
  const most = dearest(brief);
  const spoken = brief.find(({ text }) => /\bbudget\b/iu.test(text));
  const cost = most === undefined ? undefined : asItStands(most.at);
  return [
    {
      weight: BUDGET_WEIGHT,
      question:
        cost === undefined
          ? `What may ${spoken === undefined ? subject : asItStands(spoken)} cost at most, in money or in hours of work?`
          : `Which budget has to hold what is told in ${cost}?`,
      why_we_ask:
        most === undefined
          ? 'No limit to what may be spent was found in the brief.'
          : `The brief names a cost, ${excerpt(most.amount.written, 30)}, and no limit was found to measure it by.`,
      impacts_draft: 'A limit becomes a condition that options over it fail.',
    },
  ];
};

const constraints: Search = ({ said, plan, subject }) => {
  if (said.some((sentence) => !sentence.question && (FIXED.test(sentence.text) || isTold(sentence, 'fixed'))))
    return [];
  const [first] = stated(plan.option);
  return [
    {
      weight: FIXED_WEIGHT,
      question: `What must stay as it is, whichever way ${first === undefined ? subject : inItsWords(first)} goes?`,
      why_we_ask: 'No condition was found in the brief that every option has to meet.',
      impacts_draft: 'Fixed conditions are drawn as factors, and options that break them are marked.',
    },
  ];
};

/** Time, money and what is fixed. */
export const LIMITS: readonly Search[] = [deadline, budget, constraints];
