import type { NodeKind } from '../../../draft-graph.schema.js';
import type { ProposedOption, SUGGEST_OPTIONS } from '../../../tasks/suggest-options.schema.js';
import type { TaskInput, TaskProposal } from '../../../tasks/task.js';
import { gather } from '../drafting/gather.policy.js';
import { type Plan, plan } from '../drafting/plan.policy.js';
import { sourcesOf } from '../drafting/sources.policy.js';
import { stated } from '../drafting/spoken.policy.js';
import type { Candidate } from '../reading/candidate.policy.js';
import { clip } from '../text/clip.policy.js';
import { aimOf } from './aim.policy.js';
import { knownGain, knownLimits, knownTests } from './circumstances.policy.js';
import { levers } from './levers.policy.js';
import { combined, named, relaxed, secured, staged, tested, unchanged } from './makers.policy.js';
import type { Maker, Situation } from './situation.js';

type Input = TaskInput<typeof SUGGEST_OPTIONS>;

const MOST = 5;
const LONGEST_TITLE = 80;
const POINTS = 3;
/** How many of each sort go first, so that no sort crowds out the others. */
const FIRST: readonly (readonly [Maker, number])[] = [
  [named, 2],
  [levers, 1],
  [secured, 1],
  [staged, 1],
  [combined, 1],
  [levers, 3],
  [tested, 1],
  [relaxed, 1],
];

function* readText(text: string): Generator<undefined, { plan: Plan; candidates: readonly Candidate[] }> {
  const sources = sourcesOf({ brief: text, documents: [], constraints: [] });
  const gathered = yield* gather(sources);
  return { plan: plan(gathered, sources[0]), candidates: gathered.candidates };
}

/** What is known by kind: the labels that were sent, and what a summary in words states. */
function* readKnown(known: Input['known']): Generator<undefined, Input['known']> {
  if (known.text === '') return known;
  const { plan: planned } = yield* readText(known.text);
  const told = (kind: NodeKind): string[] => stated(planned[kind]).map(({ label }) => label);
  return {
    text: known.text,
    options: [...known.options, ...told('option')],
    outcomes: [...known.outcomes, ...told('outcome')],
    risks: [...known.risks, ...told('risk')],
    actions: [...known.actions, ...told('action')],
    factors: [...known.factors, ...told('factor')],
  };
}

function* situate(input: Input): Generator<undefined, Situation> {
  const { plan: planned, candidates } = yield* readText(input.goal);
  const known = yield* readKnown(input.known);
  return { ...input, known, aim: aimOf(input.goal, candidates), named: stated(planned.option) };
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

/** What holds for any option here, told of each in its turn. */
const rounded = (option: ProposedOption, situation: Situation, turn: number): ProposedOption => ({
  title: option.title,
  pros: [...option.pros, ...knownGain(option.title, situation, turn)].slice(0, POINTS),
  cons: [...option.cons, ...knownLimits(option.title, situation, turn)].slice(0, POINTS),
  evidence_to_gather: [...option.evidence_to_gather, ...knownTests(option.title, situation, turn)].slice(0, POINTS),
});

/**
 * Makes ways to a goal out of its own words: what it wants of its object, the ways it names, the risks, constraints and options
 * that are known. Doing nothing is always the last. The same input gives the same options. Yields where it can be paused.
 */
export function* suggestOptions(input: Input): Generator<undefined, TaskProposal<typeof SUGGEST_OPTIONS>> {
  const situation = yield* situate(input);
  const first = FIRST.flatMap(([make, count]) => make(situation).slice(0, count));
  const rest = [...secured(situation), ...relaxed(situation), ...combined(situation)];
  const { options: known } = situation.known;
  const [nothing] = fresh(unchanged(situation), known);
  const chosen = fresh([...first, ...rest], known).slice(0, nothing === undefined ? MOST : MOST - 1);
  const options = [...chosen, ...(nothing === undefined ? [] : [nothing])];
  return { options: options.map((option, turn) => rounded(option, situation, turn)) };
}
