import { isAgent } from '../reading/antecedent.lexicon.js';
import type { Known, Search } from './gap.js';

const DECIDES =
  /\b(?:decid(?:e|es|ed|ing) by|decided by|approv(?:e|es|ed|al) (?:by|of|from)|sign(?:s|ed)?[- ]?off|(?:final|last) (?:say|word)|decision (?:rests|lies|is) with|up to)\b/iu;
const WHO =
  /(?:^|[,;:]\s|\b(?:and|that|which|what|whether|why|because)\s)((?:the|our|my|a)\s(?:[\p{L}'’-]{2,20}\s){0,2}?[\p{L}'’-]{3,20}|\p{Lu}\p{Ll}{2,20})\s(?:must|has to|have to|needs? to|will|should|wants? to|is going to)?\s?(?:now\s)?(?:decide|choose|approve|vote|agree|settle|select|pick|sign)s?\b/gu;
const GROUP = /\b(?:the|our|my|a|an)\s((?:[\p{Ll}'’-]{2,20}\s){0,2}?[\p{L}'’-]{3,20})\b/giu;
const MOST_CHOICES = 4;
const WEIGHT = 0.08;

const decides = ({ said }: Known): boolean =>
  said.some(
    ({ text }) =>
      DECIDES.test(text) || Array.from(text.matchAll(WHO)).some(([, who = '']) => isAgent(who) || /^\p{Lu}/u.test(who)),
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
          ? 'The brief names nobody who could decide.'
          : `The brief speaks of ${named.join(', ')}, and does not say who decides.`,
      impacts_draft: `Whose aims and limits count for ${known.subject}, and who is asked in the actions.`,
    },
  ];
};

/** Who is to decide. */
export const PEOPLE: readonly Search[] = [decisionMaker];
