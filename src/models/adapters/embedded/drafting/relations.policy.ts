import type { Drafted, Nodes, Related, Support } from './draft.js';
import { basisOf, beliefOf, LIKELY, weightOf } from './strength.policy.js';
import { support, telling } from './support.policy.js';
import { coverage, sharedTerms, type Vocabulary } from './vocabulary.policy.js';

interface Ranked {
  readonly node: Drafted;
  readonly support: Support;
}

const WEAK = 0.18;

function edge(from: Drafted, to: Drafted, evidence: Drafted, reason: Support, sign: 1 | -1): Related {
  const { quotation } = evidence.node;
  return {
    from,
    to,
    support: reason,
    edge: {
      from: from.id,
      to: to.id,
      weight: weightOf(evidence.candidate, sign),
      belief: beliefOf(evidence, reason),
      basis: basisOf(evidence, reason),
      ...(quotation === undefined ? {} : { quotation }),
    },
  };
}

function ranked(targets: readonly Drafted[], said: Drafted, vocabulary: Vocabulary): readonly Ranked[] {
  const tells = telling(targets, vocabulary);
  return targets
    .map((node, index) => ({ node, support: support(node, tells[index] ?? new Map(), said, vocabulary) }))
    .filter((each) => each.support.strength >= WEAK)
    .sort((a, b) => b.support.strength - a.support.strength);
}

/** What is clearly meant: at most `most`, all about as strongly connected as the best. Nothing below the bar for lexical support. */
const meant = (found: readonly Ranked[], most: number): readonly Ranked[] => {
  const best = found[0]?.support.strength ?? 0;
  return found.filter((each) => each.support.strength >= LIKELY && each.support.strength >= best - 0.12).slice(0, most);
};

/** The clearly meant ones, or else the nearest one. */
const meantOrNear = (found: readonly Ranked[], most: number): readonly Ranked[] => {
  const clear = meant(found, most);
  return clear.length > 0 ? clear : found.slice(0, 1);
};

export function decisionEdges({ decision, option }: Nodes, vocabulary: Vocabulary): readonly Related[] {
  return option.flatMap((each) => {
    const [best] = ranked(decision, each, vocabulary);
    const to = best?.node ?? decision[0];
    if (to === undefined) return [];
    const explicit = each.candidate.via.by === 'inferred' ? 0.3 : 0.55;
    return [
      edge(
        to,
        each,
        each,
        { strength: Math.max(explicit, best?.support.strength ?? 0), shared: best?.support.shared ?? [] },
        1,
      ),
    ];
  });
}

export function outcomeEdges({ option, outcome, decision }: Nodes, vocabulary: Vocabulary): readonly Related[] {
  return outcome.flatMap((each) => {
    const found = meantOrNear(ranked(option, each, vocabulary), 2);
    if (found.length > 0) return found.map(({ node, support: reason }) => edge(node, each, each, reason, 1));
    return decision.slice(0, 1).map((from) => edge(from, each, each, { strength: 0.15, shared: [] }, 1));
  });
}

/** A goal that nothing leads to yet is at least what the decision is about, as strongly as they share words. */
export function purposeEdges(
  { goal, decision }: Nodes,
  vocabulary: Vocabulary,
  sofar: readonly Related[],
): readonly Related[] {
  const [first] = decision;
  const reached = new Set(sofar.map(({ to }) => to.id));
  return goal.flatMap((each) => {
    if (first === undefined || reached.has(each.id)) return [];
    const shared = sharedTerms(first.names, each.names);
    return [
      edge(first, each, each, { strength: 0.2 + 0.4 * coverage(each.names, first.names, vocabulary), shared }, 1),
    ];
  });
}

/** An outcome serves a goal when they share words, or when it is welcome or unwelcome in itself. */
export function goalEdges({ outcome, goal }: Nodes, vocabulary: Vocabulary): readonly Related[] {
  return outcome.flatMap((each) => {
    const [best] = ranked(goal, each, vocabulary).filter(({ support: reason }) => reason.shared.length > 0);
    const sign = each.candidate.tone < -0.2 ? -1 : 1;
    if (best !== undefined) return [edge(each, best.node, each, best.support, sign)];
    const [first] = goal;
    if (first === undefined || Math.abs(each.candidate.tone) < 0.25) return [];
    return [edge(each, first, each, { strength: 0.25, shared: [] }, sign)];
  });
}

export function riskEdges(
  { risk, option, outcome, goal, decision }: Nodes,
  vocabulary: Vocabulary,
): readonly Related[] {
  return risk.flatMap((each) => {
    const threatened = meant(ranked(option, each, vocabulary), 2);
    const results = ranked(outcome, each, vocabulary).filter(
      ({ support: { shared, strength } }) => shared.length > 0 && strength >= 0.5,
    );
    const found = [...threatened, ...results.slice(0, 1)];
    if (found.length > 0) return found.map(({ node, support: reason }) => edge(each, node, each, reason, -1));
    const near = [...ranked(goal, each, vocabulary), ...ranked(option, each, vocabulary)].sort(
      (a, b) => b.support.strength - a.support.strength,
    );
    const [to] = near.map(({ node, support: reason }) => edge(each, node, each, reason, -1));
    return to === undefined ? fallback(each, decision, -1) : [to];
  });
}

export function actionEdges(
  { action, option, goal, risk, decision }: Nodes,
  vocabulary: Vocabulary,
): readonly Related[] {
  return action.flatMap((each) => {
    const called = meant(ranked(option, each, vocabulary), 1).map(({ node, support: reason }) =>
      edge(node, each, each, reason, 1),
    );
    const eased = ranked(risk, each, vocabulary)
      .filter(({ support: { shared, strength } }) => shared.length > 0 && strength >= 0.45)
      .slice(0, 1)
      .map(({ node, support: reason }) => edge(each, node, each, reason, -1));
    const serves = ranked(goal, each, vocabulary)
      .slice(0, 1)
      .map(({ node, support: reason }) => edge(each, node, each, reason, 1));
    const found = [...eased, ...called, ...serves];
    return found.length > 0 ? found : served(each, goal, decision);
  });
}

/** An action with no words in common with anything: listed for the sake of the goal, so it says no more than that. */
function served(action: Drafted, goal: readonly Drafted[], decision: readonly Drafted[]): readonly Related[] {
  const to = goal[0] ?? decision[0];
  return to === undefined ? [] : [edge(action, to, action, { strength: 0.2, shared: [] }, 1)];
}

export function factorEdges(
  { factor, option, risk, goal, outcome, decision }: Nodes,
  vocabulary: Vocabulary,
): readonly Related[] {
  return factor.flatMap((each) => {
    const sign = each.candidate.tone < -0.3 || each.candidate.via.by === 'constraint' ? -1 : 1;
    const options = meant(ranked(option, each, vocabulary), 2).map(({ node, support: reason }) =>
      edge(each, node, each, reason, sign),
    );
    const lexical = (targets: readonly Drafted[]) =>
      ranked(targets, each, vocabulary)
        .filter(({ support: { shared, strength } }) => shared.length > 0 && strength >= 0.48)
        .slice(0, 1);
    const wanted = each.candidate.via.by === 'table' && each.candidate.tone > 0.3;
    const raised = lexical(risk).map(({ node, support: reason }) => edge(each, node, each, reason, wanted ? -1 : 1));
    const moved = [...lexical(outcome), ...lexical(goal)].map(({ node, support: reason }) =>
      edge(each, node, each, reason, sign),
    );
    const found = [...options, ...raised, ...moved];
    return found.length > 0 ? found : weigh(each, decision, vocabulary);
  });
}

/** A condition of the whole decision, as strong as the words they share. */
function weigh(factor: Drafted, decision: readonly Drafted[], vocabulary: Vocabulary): readonly Related[] {
  const [first] = decision;
  if (first === undefined) return [];
  const shared = sharedTerms(first.candidate.terms, factor.candidate.sentence.terms);
  const strength = 0.22 + 0.5 * coverage(first.names, factor.candidate.sentence.terms, vocabulary);
  return [edge(factor, first, factor, { strength, shared }, 1)];
}

const fallback = (each: Drafted, decision: readonly Drafted[], sign: 1 | -1): readonly Related[] =>
  decision.slice(0, 1).map((to) => edge(each, to, each, { strength: 0.2, shared: [] }, sign));
