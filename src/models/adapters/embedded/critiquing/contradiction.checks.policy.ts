import { contradicts, type Movement, runsAgainst } from '../text/movements.policy.js';
import type { Drawing } from './drawing.js';
import type { Check, Finding } from './finding.js';

const finding = (given: Omit<Finding, 'area'>): Finding => ({ area: 'structure', ...given });

const isMet = (drawing: Drawing, one: string, other: string, by: (a: Movement, b: Movement) => boolean): boolean =>
  drawing.movesOf(one).some((a) => drawing.movesOf(other).some((b) => by(a, b)));

/** How likely something is to bring each thing it leads to, by the likeliest way. What no belief qualifies is claimed for certain. */
function likelihoods(drawing: Drawing, from: string): ReadonlyMap<string, number> {
  const reached = new Map([[from, 1]]);
  const open = new Set([from]);
  for (const at of open) {
    open.delete(at);
    for (const { to, belief = 1, weight = 0 } of drawing.from(at)) {
      const likely = (reached.get(at) ?? 0) * Math.min(belief, 1);
      if (weight < 0 || likely <= (reached.get(to) ?? 0)) continue;
      reached.set(to, likely);
      open.add(to);
    }
  }
  return reached;
}

/** Two results of one course that cannot both come about. Beliefs of at most 1 together say that either may, which can hold. */
const opposed: Check = ({ drawing }) => {
  const results = drawing.of('outcome').map(({ id }) => id);
  const pairs = results.flatMap((other, index) =>
    results
      .slice(0, index)
      .filter((one) => isMet(drawing, one, other, contradicts))
      .map((one) => [one, other] as const),
  );
  if (pairs.length === 0) return [];
  return drawing.of('option', 'action').flatMap(({ id, kind }) => {
    const brings = likelihoods(drawing, id);
    return pairs.flatMap(([one, other]) => {
      const together = [one, other].map((each) => brings.get(each) ?? 0);
      if (together.includes(0)) return [];
      const both = `${drawing.name(one)} and ${drawing.name(other)}`;
      return [
        finding({
          level: together.reduce((sum, each) => sum + each) > 1 ? 'BLOCKER' : 'OBSERVATION',
          note: `The ${kind} ${drawing.name(id)} leads both to ${both}, which contradict each other.`,
          target: other,
          fix: `Say which of ${both} comes about, or under which condition each does.`,
        }),
      ];
    });
  });
};

/** Whether some edge on the way from one to the other says that it harms. */
const harmsOnTheWay = (drawing: Drawing, from: string, to: string): boolean =>
  [from, ...drawing.downstream(from)]
    .flatMap((id) => drawing.from(id))
    .some((edge) => (edge.weight ?? 0) < 0 && (edge.to === to || drawing.downstream(edge.to).has(to)));

/** A result that takes away what a goal wants, and that no edge draws as a loss. */
const againstGoal: Check = ({ drawing }) => {
  const results = drawing.of('outcome', 'action');
  return drawing.of('goal').flatMap((goal) =>
    results
      .filter(({ id }) => isMet(drawing, id, goal.id, runsAgainst) && !harmsOnTheWay(drawing, id, goal.id))
      .map(({ id, kind }) => {
        const edge = drawing.from(id).find(({ to }) => to === goal.id);
        const [what, wanted] = [drawing.name(id), drawing.name(goal.id)];
        return finding({
          level: 'IMPROVEMENT',
          note: `The ${kind} ${what} goes against the goal ${wanted}, ${
            edge === undefined ? 'and no edge says so' : 'and is drawn as if it served it'
          }.`,
          target: edge?.id ?? id,
          fix:
            edge === undefined
              ? `Draw an edge with a negative weight from ${what} to ${wanted}.`
              : `Make the weight of ${drawing.arrow(edge)} negative, or correct what ${what} says.`,
        });
      }),
  );
};

/** Whether what comes about there takes away what some goal wants. */
export const opposesGoal = (drawing: Drawing, id: string): boolean =>
  drawing.kindOf(id) === 'outcome' && drawing.of('goal').some((goal) => isMet(drawing, id, goal.id, runsAgainst));

/** What cannot hold together. */
export const CONTRADICTIONS: readonly Check[] = [opposed, againstGoal];
