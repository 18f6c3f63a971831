import type { DrawnNode } from '../../../tasks/graph-parts.schema.js';
import { opposesGoal } from './contradiction.checks.policy.js';
import type { Drawing } from './drawing.js';
import type { Check, Finding } from './finding.js';
import { isUnwelcome } from './unwelcome.policy.js';

const completeness = (finding: Omit<Finding, 'area'>): Finding => ({ area: 'completeness', ...finding });

const noGoal: Check = ({ drawing }) => {
  if (drawing.nodes.length === 0 || drawing.of('goal').length > 0) return [];
  const [subject] = drawing.of('decision', 'option', 'outcome');
  const about = subject === undefined ? '' : ` Nothing says what ${drawing.name(subject.id)} is for.`;
  return [
    completeness({
      level: 'BLOCKER',
      note: `The graph has no goal, so options cannot be measured.${about}`,
      fix: 'Draw the goal, and an edge to it from each outcome that serves it.',
    }),
  ];
};

const noDecision: Check = ({ drawing }) => {
  const [first] = drawing.of('option');
  if (first === undefined || drawing.of('decision').length > 0) return [];
  return [
    completeness({
      level: 'IMPROVEMENT',
      note: `No node says what is to be decided, though there are options such as ${drawing.name(first.id)}.`,
      fix: `Draw the decision that ${drawing.name(first.id)} answers, with an edge to each option.`,
    }),
  ];
};

const noChoice: Check = ({ drawing }) => {
  if (drawing.nodes.length === 0) return [];
  const all = drawing.of('option');
  if (all.length === 0) {
    return [
      completeness({
        level: 'BLOCKER',
        note: `The graph has no option: there is nothing to choose from among its ${drawing.nodes.length === 1 ? 'one node' : `${drawing.nodes.length} nodes`}.`,
        fix: 'Draw at least two options, one of which may be to change nothing.',
      }),
    ];
  }
  return choices(drawing, all).map(({ of, only }) =>
    completeness({
      level: 'IMPROVEMENT',
      note: `${drawing.name(of)} has one option only, ${drawing.name(only)}: that is no choice.`,
      target: of,
      fix: `Add an alternative to ${drawing.name(only)}, at least doing without it.`,
    }),
  );
};

/** What has one way to go and no other. */
function choices(drawing: Drawing, options: readonly DrawnNode[]): readonly { of: string; only: string }[] {
  const decisions = drawing.of('decision');
  const [single] = options;
  if (options.length === 1 && single !== undefined) {
    return [{ of: decisions[0]?.id ?? single.id, only: single.id }];
  }
  return decisions.flatMap(({ id }) => {
    const below = drawing.downstream(id);
    const own = options.filter((option) => below.has(option.id));
    const [only] = own;
    return own.length === 1 && only !== undefined ? [{ of: id, only: only.id }] : [];
  });
}

const reachesKind = (drawing: Drawing, ids: ReadonlySet<string>, ...kinds: readonly DrawnNode['kind'][]): boolean =>
  [...ids].some((id) => kinds.some((kind) => drawing.kindOf(id) === kind));

const noOutcome: Check = ({ drawing }) =>
  drawing
    .of('option')
    .filter((node) => !drawing.alone(node) && !reachesKind(drawing, drawing.downstream(node.id), 'outcome', 'goal'))
    .map(({ id }) =>
      completeness({
        level: 'IMPROVEMENT',
        note: `The option ${drawing.name(id)} leads to no outcome: nothing says what choosing it would bring.`,
        target: id,
        fix: `Draw what ${drawing.name(id)} would bring, and an edge to it.`,
      }),
    );

/** What may go wrong with an option: a risk before or behind it, something it hurts, or something unwelcome it brings. */
function isThreatened(drawing: Drawing, { id }: DrawnNode): boolean {
  const below = drawing.downstream(id);
  const hurts = [id, ...below].some((each) => drawing.from(each).some(({ weight = 0 }) => weight < 0));
  const near = drawing.from(id).map(({ to }) => to);
  const before = [id, ...near].flatMap((each) => [...drawing.upstream(each)]);
  const risky = [...before, ...below].some((each) => drawing.kindOf(each) === 'risk');
  return hurts || risky || [...below].some((each) => isUnwelcome(drawing, each) || opposesGoal(drawing, each));
}

const noRisk: Check = ({ drawing }) =>
  drawing
    .of('option')
    .filter((node) => !drawing.alone(node) && !isThreatened(drawing, node))
    .map(({ id }) =>
      completeness({
        level: 'OBSERVATION',
        note: `Nothing says what could go wrong with ${drawing.name(id)}: the option has no risk and hurts nothing.`,
        target: id,
        fix: `Draw the worst that ${drawing.name(id)} could lead to, as a risk.`,
      }),
    );

/** A goal may also stand above what it asks for; then it is served from below. */
const unservedGoal: Check = ({ drawing }) =>
  drawing
    .of('goal')
    .filter((node) => !drawing.alone(node) && drawing.upstream(node.id).size === 0)
    .filter(({ id }) => !drawing.sound.some(({ from, to }) => from === id && drawing.kindOf(to) !== 'action'))
    .map(({ id }) =>
      completeness({
        level: 'IMPROVEMENT',
        note: `Nothing leads to the goal ${drawing.name(id)}, so no option can be measured by it.`,
        target: id,
        fix: `Draw an edge to ${drawing.name(id)} from the outcome that serves it.`,
      }),
    );

const unmetRisk: Check = ({ drawing }) =>
  drawing
    .of('risk')
    .filter((node) => !drawing.alone(node))
    .filter(({ id }) => {
      const touching = drawing.sound.filter(({ from, to }) => from === id || to === id);
      return !touching.some(({ from, to }) => [from, to].some((end) => drawing.kindOf(end) === 'action'));
    })
    .map(({ id }) =>
      completeness({
        level: 'OBSERVATION',
        note: `No action is drawn against the risk ${drawing.name(id)}.`,
        target: id,
        fix: `Draw what would be done about ${drawing.name(id)}, as an action with an edge to it.`,
      }),
    );

/** What a decision graph should hold, whatever it is about. */
export const COMPLETENESS: readonly Check[] = [
  noGoal,
  noDecision,
  noChoice,
  noOutcome,
  noRisk,
  unservedGoal,
  unmetRisk,
];
