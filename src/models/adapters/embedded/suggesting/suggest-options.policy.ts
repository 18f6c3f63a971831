import type { NodeKind } from '../../../draft-graph.schema.js';
import type { ProposedOption, SUGGEST_OPTIONS } from '../../../tasks/suggest-options.schema.js';
import type { TaskInput, TaskProposal } from '../../../tasks/task.js';
import { gather } from '../drafting/gather.policy.js';
import { type Gathered, type Plan, plan } from '../drafting/plan.policy.js';
import { sourcesOf } from '../drafting/sources.policy.js';
import { stated, underItsLabel } from '../drafting/spoken.policy.js';
import type { Sentence } from '../reading/source.js';
import { boundsIn } from '../text/bounds.policy.js';
import { clip } from '../text/clip.policy.js';
import { aimOf } from './aim.policy.js';
import { knownGain, knownLimits, knownTests } from './circumstances.policy.js';
import { combined, fitted, limited, phased, piloted, relaxed, secured } from './derived.policy.js';
import { levers } from './levers.policy.js';
import { named, staged, tested, unchanged } from './makers.policy.js';
import type { Maker, Situation } from './situation.js';
import { allWays, listedWays } from './ways.policy.js';

type Input = TaskInput<typeof SUGGEST_OPTIONS>;

const MOST = 5;
const LONGEST_TITLE = 80;
const POINTS = 3;
const LEAST = 3;
/** How many go first of each sort that is made of what is known, so that no sort crowds out the others. */
const FROM_KNOWN: readonly (readonly [Maker, number])[] = [
  [named, 3],
  [piloted, 1],
  [combined, 1],
  [secured, 1],
  [phased, 1],
  [fitted, 1],
];
/** What follows from the goal alone. */
const FROM_GOAL: readonly (readonly [Maker, number])[] = [
  [levers, 1],
  [staged, 1],
  [tested, 1],
];
/** Of what follows from the goal alone, where more is known or the goal was not understood. */
const FEW = 2;
const REST: readonly Maker[] = [levers, limited, relaxed, secured, combined, fitted, phased, piloted];
const LIMITING = /^(?:constraints?|requirements?|budget|limits?|deadline|conditions|must[- ]haves?)\b/iu;

function* readText(text: string): Generator<undefined, { plan: Plan; gathered: Gathered }> {
  const sources = sourcesOf({ brief: text, documents: [], constraints: [] });
  const gathered = yield* gather(sources);
  return { plan: plan(gathered, sources[0]), gathered };
}

const isLimit = (sentence: Sentence): boolean =>
  !sentence.addressed &&
  (LIMITING.test(sentence.section?.title ?? '') || boundsIn(underItsLabel(sentence)).some(({ is }) => is === 'limit'));

/** What is known by kind: the labels that were sent, and what a summary in words states. */
function* readKnown({ known, constraints }: Input): Generator<undefined, Pick<Input, 'known' | 'constraints'>> {
  const text = [known.text, ...constraints].filter((each) => each !== '').join('\n\n');
  if (text === '') return { known, constraints };
  const { plan: planned, gathered } = yield* readText(text);
  const told = (kind: NodeKind): string[] => stated(planned[kind]).map(({ label }) => label);
  const listed = listedWays(text);
  const options = listed.length > 0 || known.text !== '' ? allWays(listed, told('option')) : [];
  const limits = gathered.sentences.filter((each) => isLimit(each) && known.text.includes(each.text));
  return {
    known: {
      text: known.text,
      options: [...known.options, ...options],
      outcomes: [...known.outcomes, ...told('outcome')],
      risks: [...known.risks, ...told('risk')],
      actions: [...known.actions, ...told('action')],
      factors: [...known.factors, ...(known.text === '' ? [] : told('factor'))],
    },
    constraints: [...constraints, ...limits.map((each) => underItsLabel(each).replace(/[.;\s]+$/u, ''))],
  };
}

function* situate(input: Input): Generator<undefined, Situation> {
  const { plan: planned, gathered } = yield* readText(input.goal);
  const { known, constraints } = yield* readKnown(input);
  const listed = listedWays(input.goal);
  const ways = allWays(
    listed,
    stated(planned.option).map(({ label }) => label),
  );
  return {
    ...input,
    constraints,
    known: { ...known, risks: [...known.risks, ...stated(planned.risk).map(({ label }) => label)] },
    aim: aimOf(input.goal, gathered.candidates),
    named: ways.map((label) => ({ label, words: input.goal })),
  };
}

const plain = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Each title once, and none that is known. */
function fresh(options: readonly ProposedOption[], known: readonly string[]): readonly ProposedOption[] {
  const taken = new Set(known.map(plain));
  return options
    .map((option) => ({ ...option, title: clip(option.title, LONGEST_TITLE) }))
    .filter(({ title }) => !taken.has(plain(title)) && taken.add(plain(title)));
}

const quotesOf = (text: string): readonly string[] => text.match(/“[^”]*”/gu) ?? [];

/** What holds for any option here, told of each in its turn; nothing against it that it was made to meet. */
function rounded(option: ProposedOption, situation: Situation, turn: number): ProposedOption {
  const met = new Set(option.pros.flatMap(quotesOf));
  const limits = knownLimits(option.title, situation, turn).filter(
    (each) => !quotesOf(each).some((quote) => met.has(quote)),
  );
  return {
    title: option.title,
    pros: [...option.pros, ...knownGain(option.title, situation, turn)].slice(0, POINTS),
    cons: [...option.cons, ...limits].slice(0, POINTS),
    evidence_to_gather: [...option.evidence_to_gather, ...knownTests(option.title, situation, turn)].slice(0, POINTS),
  };
}

/**
 * Makes ways to a goal out of its own words: what it wants of its object, the ways it names, the risks, constraints and options
 * that are known. Doing nothing is always the last. The same input gives the same options. Yields where it can be paused.
 */
export function* suggestOptions(input: Input): Generator<undefined, TaskProposal<typeof SUGGEST_OPTIONS>> {
  const situation = yield* situate(input);
  const { options: known } = situation.known;
  const make = (makers: readonly (readonly [Maker, number])[]): readonly ProposedOption[] =>
    makers.flatMap(([maker, count]) => maker(situation).slice(0, count));
  const fromKnown = fresh(make(FROM_KNOWN), known);
  const rest = REST.flatMap((maker) => maker(situation));
  const [nothing] = fresh(unchanged(situation), known);
  const room = nothing === undefined ? MOST : MOST - 1;
  const isGuess = fromKnown.length > 0 || situation.aim.direction === 'reached';
  const enough = Math.max(fromKnown.length + (isGuess ? FEW : MOST), nothing === undefined ? LEAST : 0);
  const chosen = fresh([...fromKnown, ...make(FROM_GOAL), ...rest], known).slice(0, Math.min(room, enough));
  const options = [...chosen, ...(nothing === undefined ? [] : [nothing])];
  return { options: options.map((option, turn) => rounded(option, situation, turn)) };
}
