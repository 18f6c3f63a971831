import type { Graph } from './graph.schema.js';

/** A graph is shown again once it grew by one part in sixteen: every step while small, a bounded number of times however large. */
const GROWTH = 16;

const size = ({ nodes, edges }: Graph): number => nodes.length + edges.length;

/** Whether a growing draft is worth showing after what was shown before. */
export function worthShowing(graph: Graph, shown: Graph | undefined): boolean {
  const before = shown === undefined ? 0 : size(shown);
  return size(graph) - before >= Math.max(1, Math.ceil(before / GROWTH));
}
