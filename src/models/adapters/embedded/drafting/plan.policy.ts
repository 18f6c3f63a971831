import type { NodeKind } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';
import type { Sentence, Source } from '../reading/source.js';
import { between, counterOption, inferDecision, inferGoal, isNeed } from './inferred.policy.js';
import { literalGoal } from './literal.policy.js';
import { type Chosen, select } from './selection.policy.js';
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

/**
 * One decision, the brief's before any of its documents, and a second one only when it is stated as clearly elsewhere. One that had to
 * be cut short is named by its options.
 */
function planDecision(stated: readonly Chosen[], options: readonly Chosen[]): readonly Chosen[] {
  const [first, second] = [...stated.filter(inBrief), ...stated.filter((each) => !inBrief(each))];
  if (first === undefined) return [];
  const { candidate } = first;
  const cut =
    /\bbetween\b/iu.test(candidate.label) && candidate.span.end - candidate.span.start > candidate.label.length + 4;
  const named = cut && options.length >= 2 ? { ...first, candidate: { ...candidate, label: between(options) } } : first;
  const apart =
    second !== undefined &&
    second.candidate.score >= SECOND &&
    second.candidate.sentence.block !== candidate.sentence.block;
  return apart ? [named, second] : [named];
}

/** What becomes a node, by kind. There is always a goal and a decision, unless the brief is blank. */
export function plan({ sentences, candidates, vocabulary }: Gathered, brief: Source): Plan {
  const chosen = select(candidates, vocabulary);
  const of = (kind: NodeKind): readonly Chosen[] => chosen.filter(({ candidate }) => candidate.kind === kind);
  const option = [...planOptions(of('option'))].sort(
    (a, b) =>
      a.candidate.sentence.order - b.candidate.sentence.order || a.candidate.span.start - b.candidate.span.start,
  );
  const guessed =
    of('goal').length > 0
      ? undefined
      : (inferGoal({ sentences, taken: chosen.map((each) => each.candidate), vocabulary }) ?? literalGoal(brief));
  const goal = guessed === undefined ? of('goal') : alone(guessed);
  const stated = planDecision(of('decision'), option);
  const [first] = goal;
  const isApart = ({ candidate }: Chosen): boolean => candidate.label !== first?.candidate.label;
  const open = option.filter(({ candidate }) => candidate.score > 1);
  const decision = stated.length > 0 || first === undefined ? stated : alone(inferDecision(open, first.candidate));
  return {
    goal,
    decision,
    option,
    outcome: of('outcome').filter(isApart),
    risk: of('risk'),
    action: of('action'),
    factor: of('factor').filter((each) => isApart(each) || !isNeed(each.candidate.sentence)),
  };
}
