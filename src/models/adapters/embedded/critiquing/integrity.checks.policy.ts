import type { DrawnEdge } from '../../../tasks/graph-parts.schema.js';
import type { Drawing } from './drawing.js';
import type { Check, Finding } from './finding.js';
import { strength } from './strength.policy.js';

const blocker = (finding: Omit<Finding, 'level' | 'area'>): Finding => ({
  level: 'BLOCKER',
  area: 'structure',
  ...finding,
});

const empty: Check = ({ drawing: { nodes, edges } }) => {
  if (nodes.length === 0) {
    return [
      blocker({
        note: `The graph holds no node${edges.length > 0 ? `, and ${edges.length === 1 ? 'one edge that leads' : `${edges.length} edges that lead`} nowhere` : ''}.`,
        fix: 'Draw the goal, the decision and at least two options.',
      }),
    ];
  }
  if (nodes.length < 2 || edges.length > 0) return [];
  return [
    blocker({
      note: `None of the ${nodes.length} nodes is connected with another: the graph holds no edge.`,
      fix: 'Connect the decision with its options, and each option with what it leads to.',
    }),
  ];
};

const repeatedIds: Check = ({ drawing }) =>
  [
    ...repeats(
      drawing.nodes.map(({ id }) => id),
      'nodes',
    ),
    ...repeats(
      drawing.edges.map(({ id }) => id),
      'edges',
    ),
  ].map(({ id, count, what }) =>
    blocker({
      note: `${count} ${what} share the id “${id}”, so nobody can tell which one is meant.`,
      target: id,
      fix: `Give each of the ${count} ${what} called “${id}” an id of its own.`,
    }),
  );

function repeats(ids: readonly string[], what: 'nodes' | 'edges') {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([id, count]) => ({ id, count, what }));
}

const dangling: Check = ({ drawing }) =>
  drawing.edges
    .filter(({ from, to }) => !drawing.has(from) || !drawing.has(to))
    .map((edge) => {
      const missing = [edge.from, edge.to].filter((end) => !drawing.has(end)).map((end) => drawing.name(end));
      return blocker({
        note: `The edge ${drawing.arrow(edge)} has an end that is not in the graph: ${missing.join(', ')}.`,
        target: edge.id,
        fix: `Draw ${missing.join(' and ')}, or take the edge ${drawing.arrow(edge)} away.`,
      });
    });

const loops: Check = ({ drawing }) =>
  drawing.edges
    .filter(({ from, to }) => from === to && drawing.has(from))
    .map((edge) =>
      blocker({
        note: `${drawing.name(edge.from)} leads to itself.`,
        target: edge.id,
        fix: `Take the edge from ${drawing.name(edge.from)} to itself away.`,
      }),
    );

/** Each cycle at its weakest edge: edges are taken strongest first, and one that closes a circle is named. */
const cycles: Check = ({ drawing }) => {
  const kept: DrawnEdge[] = [];
  return drawing.sound
    .toSorted((a, b) => strength(b) - strength(a))
    .flatMap((edge) => {
      const way = wayBetween(edge.to, edge.from, kept);
      if (way !== undefined) return [cycle(drawing, edge, way)];
      kept.push(edge);
      return [];
    });
};

function cycle(drawing: Drawing, edge: DrawnEdge, way: readonly string[]): Finding {
  const names = way.map((id) => drawing.name(id));
  const shown = names.length <= 3 ? names : [...names.slice(0, 2), '…', ...names.slice(-1)];
  return blocker({
    note: `A cycle of ${way.length} nodes: ${shown.join(' → ')} and back. Its weakest edge is the last one.`,
    target: edge.id,
    fix: `Break the cycle: take the edge ${drawing.arrow(edge)} away or turn it round.`,
  });
}

/** The nodes on the shortest way, both ends included. */
function wayBetween(from: string, to: string, edges: readonly DrawnEdge[]): readonly string[] | undefined {
  const reached = new Set([from]);
  let front: readonly (readonly string[])[] = [[from]];
  while (front.length > 0) {
    const next: (readonly string[])[] = [];
    for (const way of front) {
      const at = way.at(-1);
      if (at === to) return way;
      for (const edge of edges) {
        if (edge.from !== at || reached.has(edge.to)) continue;
        reached.add(edge.to);
        next.push([...way, edge.to]);
      }
    }
    front = next;
  }
  return undefined;
}

/** What keeps a graph from being one at all. */
export const INTEGRITY: readonly Check[] = [empty, repeatedIds, dangling, loops, cycles];
