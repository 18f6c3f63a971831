import { asItStands, inItsWords, stated } from '../drafting/spoken.policy.js';
import type { Search } from './gap.js';

const DECISION_WEIGHT = 0.12;
const NONE_WEIGHT = 0.16;
const ONE_WEIGHT = 0.14;
const RISK_WEIGHT = 0.08;
const UNKNOWN_WEIGHT = 0.06;
const MOST_UNKNOWN = 2;
const UNKNOWN =
  /\b(?:(?:do|does|did)(?: not|n['’]t) (?:yet )?know|unclear|uncertain|not (?:yet )?(?:clear|known|sure|decided)|unsure|no idea|remains open|open question|tb[dc]|nobody knows|who knows)\b/iu;

const decision: Search = ({ plan, subject }) => {
  if (stated(plan.decision).length > 0) return [];
  const options = stated(plan.option);
  return [
    {
      weight: DECISION_WEIGHT,
      question: `What exactly is to be decided about ${subject}?`,
      ...(options.length < 2 ? {} : { choices: options.map(({ label }) => label) }),
      why_we_ask: 'No sentence was found in the brief that asks a question or says that something is to be decided.',
      impacts_draft: 'The decision is where the options hang; until it is said, the draft infers one.',
    },
  ];
};

const alternatives: Search = ({ plan, subject, said }) => {
  const options = stated(plan.option);
  const [only] = options;
  const answered = said.filter(({ source, place }) => source.kind === 'document' && place !== 'heading').length;
  if (options.length > 1 || (options.length === 1 && answered > 0 && plan.option.length > 1)) return [];
  if (only === undefined) {
    return [
      {
        weight: NONE_WEIGHT,
        question: `Which ways are there to settle ${subject}? Name at least two.`,
        why_we_ask: 'Nothing to choose from was found in the brief.',
        impacts_draft: 'Each way becomes an option with outcomes and risks of its own.',
      },
    ];
  }
  const counter = plan.option.find(({ candidate }) => candidate.via.by === 'inferred')?.candidate.label;
  return [
    {
      weight: ONE_WEIGHT,
      question: `Besides ${inItsWords(only)}, which other ways are open?`,
      ...(counter === undefined ? {} : { choices: [only.label, counter] }),
      why_we_ask: `${inItsWords(only)} is the only course that was found in the brief: that is no choice yet.`,
      impacts_draft: 'Without a second option the draft sets doing nothing against the first.',
    },
  ];
};

const risks: Search = ({ plan, subject }) => {
  if (plan.risk.length > 0) return [];
  const [first] = stated(plan.option);
  return [
    {
      weight: RISK_WEIGHT,
      question: `What could go wrong with ${first === undefined ? subject : inItsWords(first)}?`,
      why_we_ask: 'Nothing that could fail was found in the brief.',
      impacts_draft: 'Risks are drawn against the options they threaten; without them every option looks safe.',
    },
  ];
};

const openPoints: Search = ({ brief }) =>
  brief
    .filter(({ text }) => UNKNOWN.test(text))
    .slice(0, MOST_UNKNOWN)
    .map((sentence) => ({
      weight: UNKNOWN_WEIGHT,
      question: `Who could say more about ${asItStands(sentence)}, and what is likely?`,
      why_we_ask: `You write “${UNKNOWN.exec(sentence.text)?.[0]}” there.`,
      impacts_draft: 'What stays open is drawn as a factor with low belief.',
    }));

/** What is to be chosen from, and what speaks against it. */
export const CHOICES: readonly Search[] = [decision, alternatives, risks, openPoints];
