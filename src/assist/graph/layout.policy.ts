import type { Positions } from '../graph.schema.js';
import { compare } from './cycles.policy.js';

const COLUMN = 240;
const ROW = 160;

interface Link {
  readonly from: string;
  readonly to: string;
}

/**
 * Places an acyclic graph in rows: a node stands one row below the lowest node that leads to it, and in its row
 * near the middle of those. Whole numbers, no two nodes on one place, the same for the same graph.
 *
 * @param ids sorted
 */
export function layOut(ids: readonly string[], edges: readonly Link[]): Positions {
  const parents = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) parents.get(to)?.push(from);
  const rows = rowsOf(ids, parents);
  const columns = new Map<string, number>();
  for (const row of rows) {
    const ordered = row
      .map((id) => ({ id, middle: middle(parents.get(id) ?? [], columns) }))
      .sort((a, b) => a.middle - b.middle || compare(a.id, b.id));
    for (const [column, { id }] of ordered.entries()) columns.set(id, column);
  }
  const places = rows.flatMap((row, index) =>
    row.map((id) => [id, { x: (columns.get(id) ?? 0) * COLUMN, y: index * ROW }] as const),
  );
  return Object.fromEntries(places.sort(([a], [b]) => compare(a, b)));
}

function rowsOf(ids: readonly string[], parents: ReadonlyMap<string, readonly string[]>): string[][] {
  const depth = new Map<string, number>();
  const visit = (id: string): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    const deepest = (parents.get(id) ?? []).reduce((row, parent) => Math.max(row, visit(parent) + 1), 0);
    depth.set(id, deepest);
    return deepest;
  };
  const rows: string[][] = [];
  for (const id of ids) {
    const row = visit(id);
    while (rows.length <= row) rows.push([]);
    rows[row]?.push(id);
  }
  return rows;
}

function middle(parents: readonly string[], columns: ReadonlyMap<string, number>): number {
  if (parents.length === 0) return 0;
  return parents.reduce((sum, parent) => sum + (columns.get(parent) ?? 0), 0) / parents.length;
}
