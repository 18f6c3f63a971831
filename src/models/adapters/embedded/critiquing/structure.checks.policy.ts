import type { DrawnEdge, DrawnNode } from '../../../tasks/graph-parts.schema.js';
import type { Drawing } from './drawing.js';
import type { Check, Finding } from './finding.js';

const improvement = (finding: Omit<Finding, 'level' | 'area'>): Finding => ({
  level: 'IMPROVEMENT',
  area: 'structure',
  ...finding,
});

const orphans: Check = ({ drawing }) =>
  drawing.edges.length === 0
    ? []
    : drawing.nodes
        .filter((node) => drawing.alone(node))
        .map(({ id, kind }) =>
          improvement({
            note: `The ${kind} ${drawing.name(id)} is connected with nothing, so it has no part in the decision.`,
            target: id,
            fix: `Connect ${drawing.name(id)} with what it leads to, or leave it out.`,
          }),
        );

/** Parts of the graph that have nothing to do with the largest one. */
const islands: Check = ({ drawing }) => {
  const parts: (readonly string[])[] = [];
  const seen = new Set<string>();
  for (const node of drawing.nodes) {
    if (seen.has(node.id) || drawing.alone(node)) continue;
    const part = [...drawing.part(node.id)];
    for (const id of part) seen.add(id);
    parts.push(part);
  }
  const [, ...apart] = parts.toSorted((a, b) => b.length - a.length);
  return apart.map((part) => {
    const [first = ''] = part;
    return improvement({
      note: `The part of ${part.length} nodes around ${drawing.name(first)} stands by itself: nothing connects it with the rest.`,
      target: first,
      fix: `Connect the part around ${drawing.name(first)} with the decision.`,
    });
  });
};

const rivalRoots: Check = ({ drawing }) => {
  const decisions = drawing.of('decision');
  const roots = decisions.filter(({ id }) => {
    const above = drawing.upstream(id);
    return !decisions.some((other) => other.id !== id && above.has(other.id));
  });
  const [first, ...others] = roots;
  return others.map(({ id }) =>
    improvement({
      note: `The graph has several roots: neither of the decisions ${drawing.name(first?.id ?? '')} and ${drawing.name(id)} leads to the other.`,
      target: id,
      fix: `Say which of the two comes first: connect ${drawing.name(first?.id ?? '')} with ${drawing.name(id)}, or draw two graphs.`,
    }),
  );
};

const isBelow = (drawing: Drawing, { id }: DrawnNode, ...kinds: readonly DrawnNode['kind'][]): boolean =>
  [...drawing.upstream(id)].some((other) => kinds.some((kind) => drawing.kindOf(other) === kind));

const unreachable: Check = ({ drawing }) => {
  const starts = drawing.of('decision').length > 0;
  const options = drawing
    .of('option')
    .filter((node) => starts && !drawing.alone(node) && !isBelow(drawing, node, 'decision', 'goal'))
    .map(({ id }) =>
      improvement({
        note: `No decision leads to the option ${drawing.name(id)}: nobody is offered it.`,
        target: id,
        fix: `Draw an edge from the decision to ${drawing.name(id)}.`,
      }),
    );
  const outcomes = drawing
    .of('outcome')
    .filter((node) => !drawing.alone(node) && !isBelow(drawing, node, 'option', 'decision', 'action'))
    .map(({ id }) =>
      improvement({
        note: `No option or action leads to the outcome ${drawing.name(id)}: it comes about by itself.`,
        target: id,
        fix: `Draw an edge to ${drawing.name(id)} from the option that brings it about.`,
      }),
    );
  return [...options, ...outcomes];
};

/** From effect to cause: what is drawn the other way round by mistake. */
const BACKWARDS: ReadonlySet<string> = new Set(['option decision', 'outcome option', 'outcome decision']);

const backwards: Check = ({ drawing }) =>
  drawing.sound
    .filter(({ from, to }) => BACKWARDS.has(`${drawing.kindOf(from)} ${drawing.kindOf(to)}`))
    .map((edge) =>
      improvement({
        note: `${drawing.arrow(edge)} runs from an ${drawing.kindOf(edge.from)} back to the ${drawing.kindOf(edge.to)}: edges run from cause to effect.`,
        target: edge.id,
        fix: `Turn the edge ${drawing.arrow(edge)} round.`,
      }),
    );

const sign = ({ weight = 0 }: DrawnEdge): number => Math.sign(weight);

/** Several edges between the same two: one that says the opposite, or the same once more from the same words. */
const doubled: Check = ({ drawing }) => {
  const firsts = new Map<string, DrawnEdge>();
  return drawing.sound.flatMap((edge) => {
    const pair = JSON.stringify([edge.from, edge.to]);
    const first = firsts.get(pair);
    if (first === undefined) {
      firsts.set(pair, edge);
      return [];
    }
    if (sign(first) * sign(edge) < 0) {
      return [
        improvement({
          note: `Two edges contradict each other: ${drawing.arrow(edge)} is drawn with weight ${first.weight} and with ${edge.weight}.`,
          target: edge.id,
          fix: `Decide whether ${drawing.arrow(edge)} helps or hurts, or say under which condition each holds.`,
        }),
      ];
    }
    if (first.provenance?.quote !== edge.provenance?.quote) return [];
    return [
      {
        ...improvement({
          note: `${drawing.arrow(edge)} is drawn twice, and the second edge adds nothing.`,
          target: edge.id,
          fix: `Take one of the two edges ${drawing.arrow(edge)} away.`,
        }),
        level: 'OBSERVATION',
      },
    ];
  });
};

/** How the parts hang together. */
export const STRUCTURE: readonly Check[] = [orphans, islands, rivalRoots, unreachable, backwards, doubled];
