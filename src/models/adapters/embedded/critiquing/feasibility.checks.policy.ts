import type { DrawnEdge } from '../../../tasks/graph-parts.schema.js';
import { tone } from '../text/tone.policy.js';
import { words } from '../text/words.policy.js';
import { opposesGoal } from './contradiction.checks.policy.js';
import type { Drawing } from './drawing.js';
import type { Check, Finding } from './finding.js';
import { isUnwelcome } from './unwelcome.policy.js';

const STRONG = 0.6;
const DOUBTED = 0.3;
const CERTAIN = 0.9;
/** More edges than this without numbers are named together. */
const NAMED_ALONE = 3;

const feasibility = (finding: Omit<Finding, 'area'>): Finding => ({ area: 'feasibility', ...finding });

const disagreeing: Check = ({ drawing }) =>
  drawing.sound.flatMap((edge) => {
    const { weight, belief } = edge;
    if (weight === undefined || belief === undefined) return [];
    if (Math.abs(weight) >= STRONG && belief <= DOUBTED) {
      return [
        feasibility({
          level: 'IMPROVEMENT',
          note: `${drawing.arrow(edge)} is drawn strong (weight ${weight}) but hardly believed (belief ${belief}).`,
          target: edge.id,
          fix: `Find evidence for ${drawing.arrow(edge)}, or lower its weight of ${weight}.`,
        }),
      ];
    }
    if (weight !== 0 || belief < CERTAIN) return [];
    return [
      feasibility({
        level: 'OBSERVATION',
        note: `${drawing.arrow(edge)} is held for certain (belief ${belief}) and has no effect (weight 0).`,
        target: edge.id,
        fix: `Give ${drawing.arrow(edge)} a weight, or take the edge away.`,
      }),
    ];
  });

const outOfRange: Check = ({ drawing }) =>
  drawing.edges
    .filter(({ weight = 0 }) => Math.abs(weight) > 1)
    .map((edge) =>
      feasibility({
        level: 'IMPROVEMENT',
        note: `${drawing.arrow(edge)} has the weight ${edge.weight}; influence runs from -1 to 1.`,
        target: edge.id,
        fix: `Bring the weight of ${drawing.arrow(edge)} between -1 and 1.`,
      }),
    );

const isHelped = (drawing: Drawing, { to }: DrawnEdge): boolean => {
  const kind = drawing.kindOf(to);
  return kind === 'goal' || kind === 'option' || kind === 'outcome';
};

/** A risk that helps, or an unwelcome outcome that serves a goal: one of the two is drawn wrongly. What goes against a goal is told elsewhere. */
const wrongSign: Check = ({ drawing }) =>
  drawing.sound
    .filter((edge) => {
      const kind = drawing.kindOf(edge.from);
      if ((edge.weight ?? 0) <= 0 || !isHelped(drawing, edge)) return false;
      const serves =
        drawing.kindOf(edge.to) === 'goal' && isUnwelcome(drawing, edge.from) && !opposesGoal(drawing, edge.from);
      const threatens = drawing.kindOf(edge.to) !== 'outcome' || tone(words(drawing.label(edge.to), 0)) > 0;
      return serves || (kind === 'risk' && threatens);
    })
    .map((edge) =>
      feasibility({
        level: 'IMPROVEMENT',
        note: `${drawing.arrow(edge)} says that the ${drawing.kindOf(edge.from)} helps (weight ${edge.weight}), though its label is unwelcome.`,
        target: edge.id,
        fix: `Make the weight of ${drawing.arrow(edge)} negative, or name what is good about it.`,
      }),
    );

const unweighed: Check = ({ drawing }) => {
  const bare = drawing.sound.filter(({ weight, belief }) => weight === undefined && belief === undefined);
  const [first] = bare;
  if (first === undefined) return [];
  if (bare.length > NAMED_ALONE) {
    return [
      feasibility({
        level: 'OBSERVATION',
        note: `${bare.length} of ${drawing.sound.length} edges say neither how strong they are nor how likely, ${drawing.arrow(first)} for one.`,
        fix: `Give the edges without numbers a weight and a belief, beginning with ${drawing.arrow(first)}.`,
      }),
    ];
  }
  return bare.map((edge) =>
    feasibility({
      level: 'OBSERVATION',
      note: `${drawing.arrow(edge)} says neither how strong it is nor how likely.`,
      target: edge.id,
      fix: `Give ${drawing.arrow(edge)} a weight and a belief.`,
    }),
  );
};

/** Whether the numbers can be. */
export const FEASIBILITY: readonly Check[] = [disagreeing, outOfRange, wrongSign, unweighed];
