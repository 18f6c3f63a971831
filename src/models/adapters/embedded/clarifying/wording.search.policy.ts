import { clash } from '../drafting/contradiction.policy.js';
import { asItStands } from '../drafting/spoken.policy.js';
import type { Vocabulary } from '../drafting/vocabulary.policy.js';
import type { Sentence } from '../reading/source.js';
import type { Quantity } from '../text/quantities.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import type { Gap, Search } from './gap.js';
import { VAGUE } from './vague.lexicon.js';

const VAGUE_WEIGHT = 0.05;
const UNIT_WEIGHT = 0.04;
const CLASH_WEIGHT = 0.12;
const MOST_VAGUE = 3;
const MOST_UNITLESS = 2;
const MOST_CLASHES = 2;
/** Sentences of a brief that are set against each other. */
const COMPARED = 40;
/** How much two sentences must have in common to speak of one thing. */
const ONE_THING = 0.9;
/** Share of its words that a sentence repeats when it is said again. */
const RESTATED = 0.75;
const CLASH_SHOWN = 100;
const YEAR = /^(?:19|20)\d\d$/;
/** "Option 2", "on page 4", "14:30", "3.", "24/7": no amount of anything. */
const NUMBERED =
  /\b(?:option|plan|phase|step|part|item|section|version|level|page|room|number|no|scenario|variant|under|over|age|aged|top|at|in|since|by|of|from|until|to)\.?\s?$|[/:]$/iu;
const NAMED = /\p{Lu}\p{L}*\s?$/u;
/** "86 of our buses", "10 to 15 percent", "3rd": the unit follows. */
const COUNTED = /^\s?(?:of|out of|to|and|or|by)\b|^\s?[-–—:/%]|^\p{L}/iu;

function vagueIn(sentence: Sentence): Gap | undefined {
  if (sentence.question || sentence.quantities.length > 0) return undefined;
  const [first] = VAGUE.flatMap(([pattern, ask]) => {
    const match = pattern.exec(sentence.text);
    return match === null ? [] : [{ word: match[0], at: match.index, ask }];
  }).sort((a, b) => a.at - b.at);
  if (first === undefined) return undefined;
  return {
    weight: VAGUE_WEIGHT,
    question: `${first.ask} “${first.word}” in ${asItStands(sentence)}?`,
    why_we_ask: `“${first.word}” can be read in more than one way, and no figure stands beside it.`,
    impacts_draft: `The weight of what ${asItStands(sentence)} leads to depends on it.`,
  };
}

const vague: Search = ({ brief }) => brief.flatMap((sentence) => vagueIn(sentence) ?? []).slice(0, MOST_VAGUE);

function isBare({ unit, written, start, end }: Quantity, { source: { cleaned }, span }: Sentence): boolean {
  const before = cleaned.slice(span.start, start);
  const alone = !NUMBERED.test(before) && !NAMED.test(before) && !COUNTED.test(cleaned.slice(end, span.end));
  return alone && unit === '' && /^\d[\d.,]*$/.test(written) && !YEAR.test(written);
}

const unitless: Search = ({ brief }) =>
  brief
    .flatMap((sentence) =>
      sentence.quantities
        .filter((quantity) => isBare(quantity, sentence))
        .slice(0, 1)
        .map(({ written }) => ({ sentence, written })),
    )
    .slice(0, MOST_UNITLESS)
    .map(({ sentence, written }) => ({
      weight: UNIT_WEIGHT,
      question: `What does “${written}” count in ${asItStands(sentence)}?`,
      why_we_ask: `“${written}” has no unit there.`,
      impacts_draft: 'A figure with a unit can be compared with the others; a bare one cannot.',
    }));

/** The same sentence once more with another amount: "The budget is 90,000 euros", "The budget is 60,000 euros". */
function restated(one: Sentence, other: Sentence): string | undefined {
  const [ours, theirs] = [one.quantities, other.quantities];
  const [amount, another] = [ours[0], theirs[0]];
  if (ours.length !== 1 || theirs.length !== 1 || amount === undefined || another === undefined) return undefined;
  if (amount.unit === '' || amount.unit !== another.unit || amount.value === another.value) return undefined;
  const [first, second] = [lettersOf(one), lettersOf(other)];
  const common = [...first].filter((word) => second.has(word)).length;
  const alike = common / (first.size + second.size - common) >= RESTATED;
  return alike ? `${amount.written} or ${another.written}` : undefined;
}

const lettersOf = ({ words }: Sentence): ReadonlySet<string> =>
  new Set(words.filter(({ lower }) => !/\d/u.test(lower)).map(({ lower }) => lower));

/** What differs between two sentences about one thing that cannot both hold. */
function differs(one: Sentence, other: Sentence, vocabulary: Vocabulary): string | undefined {
  const found = clash(one, other, vocabulary);
  return restated(one, other) ?? (found === undefined || found.force < ONE_THING ? undefined : found.said);
}

const contradictions: Search = ({ said, vocabulary }) => {
  const told = said.filter(({ question }) => !question).slice(0, COMPARED);
  return told
    .flatMap((one, index) =>
      told.slice(index + 1).flatMap((other) => {
        const what = differs(one, other, vocabulary);
        return what === undefined ? [] : [{ one, other, what }];
      }),
    )
    .slice(0, MOST_CLASHES)
    .map(({ one, other, what }) => ({
      weight: CLASH_WEIGHT,
      question: `Which holds: ${asItStands(one)}, or ${asItStands(other)}?`,
      choices: [asItStands(one), asItStands(other)],
      why_we_ask: `The two contradict each other: ${excerpt(what, CLASH_SHOWN)}.`,
      impacts_draft: 'The draft would draw both, and edges that rest on either would be believed less.',
    }));
};

/** What is said, and cannot be taken at its word. */
export const WORDING: readonly Search[] = [contradictions, vague, unitless];
