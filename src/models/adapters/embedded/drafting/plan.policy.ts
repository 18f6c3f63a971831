import type { NodeKind } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { between, counterOption, inferDecision } from './inferred.policy.js';
import { inferGoal, isNeed } from './inferred-goal.policy.js';
import { literalGoal } from './literal.policy.js';
import { type Chosen, select } from './selection.policy.js';
import type { Unclaimed } from './unclaimed.js';
import type { Vocabulary } from './vocabulary.policy.js';

/** All that was read, before anything is chosen. */
export interface Gathered {
  readonly sentences: readonly Sentence[];
  readonly candidates: readonly Candidate[];
  readonly vocabulary: Vocabulary;
}

export type Plan = Readonly<Record<NodeKind, readonly Chosen[]>>;

const inBrief = ({ candidate }: Chosen): boolean => candidate.sentence.source.kind === 'brief';
const alone = (candidate: Candidate): readonly Chosen[] => [{ candidate, echoes: [] }];

/**
 * The course of action that a question names is left out when the text names the ways to take it, and gets its opposite when it is
 * the only one. The brief says which: a single other option of its own stands against the course, whatever its documents add.
 */
function planOptions(options: readonly Chosen[]): readonly Chosen[] {
  const named = options.filter(({ candidate }) => candidate.via.by !== 'course');
  const own = named.filter(inBrief);
  if ((own.length > 0 ? own : named).length >= 2) return named;
  const [only] = options;
  return options.length === 1 && only !== undefined ? [only, ...alone(counterOption(only.candidate))] : options;
}

const SECOND = 3.2;

/** A decision that names its options and had to be cut short: "choose a route: the first, the second" goes without any of them. */
function restored({ label, span }: Candidate, options: readonly Chosen[]): string {
  if (span.end - span.start <= label.length + 4) return label;
  if (/\bbetween\b/iu.test(label)) return between(options);
  return label.split(/:\s/u, 1)[0] ?? label;
}

/**
 * One decision, the brief's before any of its documents, and a second one only when it is stated as clearly elsewhere. One that had to
 * be cut short is named by its options.
 */
function planDecision(stated: readonly Chosen[], options: readonly Chosen[]): readonly Chosen[] {
  const [first, second] = [...stated.filter(inBrief), ...stated.filter((each) => !inBrief(each))];
  if (first === undefined) return [];
  const { candidate } = first;
  const label = options.length >= 2 ? restored(candidate, options) : candidate.label;
  const named = { ...first, candidate: { ...candidate, label } };
  const apart =
    second !== undefined &&
    second.candidate.score >= SECOND &&
    second.candidate.sentence.block !== candidate.sentence.block;
  return apart ? [named, second] : [named];
}

function guessed(unclaimed: Unclaimed, brief: Source): readonly Chosen[] {
  const found = inferGoal(unclaimed) ?? literalGoal(brief);
  return found === undefined ? [] : alone(found);
}

/** What becomes a node, by kind. There is always a goal and a decision, unless the brief is blank. */
export function plan({ sentences, candidates, vocabulary }: Gathered, brief: Source): Plan {
  const chosen = select(candidates, vocabulary);
  const of = (kind: NodeKind): readonly Chosen[] => chosen.filter(({ candidate }) => candidate.kind === kind);
  const option = [...planOptions(of('option'))].sort(
    (a, b) =>
      a.candidate.sentence.order - b.candidate.sentence.order || a.candidate.span.start - b.candidate.span.start,
  );
  const stated = planDecision(of('decision'), option);
  const open = option.filter(({ candidate }) => candidate.score > 1);
  const taken = chosen.map(({ candidate }) => candidate);
  const options = open.map(({ candidate }) => candidate);
  const unclaimed = { sentences, taken, options, decision: stated[0]?.candidate, vocabulary };
  const goal = of('goal').length > 0 ? of('goal') : guessed(unclaimed, brief);
  const [first] = goal;
  const isApart = ({ candidate }: Chosen): boolean => candidate.label !== first?.candidate.label;
  const decision = stated.length > 0 || first === undefined ? stated : alone(inferDecision(open, first.candidate));
  return {
    goal,
    decision,
    option,
    outcome: of('outcome').filter(isApart),
    risk: of('risk'),
    action: of('action').filter(isApart),
    factor: of('factor').filter(
      ({ candidate: { sentence } }) => sentence !== first?.candidate.sentence || !isNeed(sentence),
    ),
  };
}
