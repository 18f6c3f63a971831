import { isAgent } from '../reading/antecedent.lexicon.js';
import type { Known, Search } from './gap.js';
import { isTold } from './told.policy.js';

const DECIDES =
  /\b(?:decid(?:e|es|ed|ing) by|decided by|approv(?:e|es|ed|al) (?:by|of|from)|sign(?:s|ed)?[- ]?off|(?:final|last) (?:say|word)|decision (?:rests|lies|is) with|up to)\b/iu;
const WHO =
  /(?:^|[,;:]\s|\b(?:and|that|which|what|whether|why|because)\s)((?:the|our|my|a)\s(?:[\p{L}'’-]{2,20}\s){0,2}?[\p{L}'’-]{3,20}|\p{Lu}\p{Ll}{2,20})\s(?:must|has to|have to|needs? to|will|should|wants? to|is going to)?\s?(?:now\s)?(?:decide|choose|approve|vote|agree|settle|select|pick|sign)s?\b/gu;
/** "Jane Doe decides", "the CFO is responsible": whoever is said to do that can. */
const DECIDING =
  'decides?\\b|(?:will|must|has to|is to|is going to) decide\\b|(?:makes?|takes?|owns?|will make|will take) (?:the|this) (?:final )?(?:decision|call|choice)\\b|(?:has|have) the (?:final|last) (?:say|word)\\b|(?:is|are) (?:responsible|accountable|in charge)\\b(?! (?:for|of) (?!it\\b|this|that|(?:the )?(?:decision|choice|whole|final|project|plan|deciding|making)))';
const DECIDER = new RegExp(
  `\\b(?:[Tt]he|[Oo]ur|[Mm]y|[Aa])\\s(?:[\\p{L}'’-]{2,20}\\s){1,3}?(?:${DECIDING})|\\b(?:\\p{Lu}[\\p{L}'’-]{1,20}\\s){1,3}(?:${DECIDING})`,
  'u',
);
const GROUP = /\b(?:the|our|my|a|an)\s((?:[\p{Ll}'’-]{2,20}\s){0,2}?[\p{L}'’-]{3,20})\b/giu;
const MOST_CHOICES = 4;
const WEIGHT = 0.08;

const decides = ({ said }: Known): boolean =>
  said.some(
    (sentence) =>
      isTold(sentence, 'decider') ||
      DECIDES.test(sentence.text) ||
      DECIDER.test(sentence.text) ||
      Array.from(sentence.text.matchAll(WHO)).some(([, who = '']) => isAgent(who) || /^\p{Lu}/u.test(who)),
  );

/** People and bodies the brief names, as it names them. */
function groups({ brief }: Known): readonly string[] {
  const found = brief.flatMap(({ text }) => Array.from(text.matchAll(GROUP), ([phrase]) => phrase.toLowerCase()));
  return [...new Set(found.filter(isAgent))].slice(0, MOST_CHOICES);
}

const decisionMaker: Search = (known) => {
  if (decides(known)) return [];
  const named = groups(known);
  return [
    {
      weight: WEIGHT,
      question: `Who decides on ${known.subject}?`,
      ...(named.length < 2 ? {} : { choices: [...named] }),
      why_we_ask:
        named.length === 0
          ? 'Nobody who could decide was found in the brief.'
          : `The brief speaks of ${named.join(', ')}, and nothing was found on who decides.`,
      impacts_draft: `Whose aims and limits count for ${known.subject}, and who is asked in the actions.`,
    },
  ];
};

/** Who is to decide. */
export const PEOPLE: readonly Search[] = [decisionMaker];
