import type { Edge } from './edges.policy.js';
import { strength } from './edges.policy.js';

/** Stronger first: proven before unproven, then by strength, then by name, so that the order is the same every time. */
export function byStrength(a: Edge, b: Edge): number {
  return (
    Number(b.provenance !== undefined) - Number(a.provenance !== undefined) ||
    strength(b) - strength(a) ||
    compare(a.from, b.from) ||
    compare(a.to, b.to) ||
    compare(a.provenance?.quote ?? '', b.provenance?.quote ?? '') ||
    compare(a.provenance?.source ?? '', b.provenance?.source ?? '')
  );
}

/** By UTF-16 units, as `Array.prototype.sort` does; never by locale. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Breaks every cycle at its weakest edge: edges are taken strongest first, and one is left out exactly when the
 * stronger ones already lead back from its end to its beginning.
 */
export function breakCycles(edges: readonly Edge[]): { kept: Edge[]; broken: Edge[] } {
  const numbers = new Map<string, number>();
  for (const end of edges.flatMap(({ from, to }) => [from, to])) if (!numbers.has(end)) numbers.set(end, numbers.size);
  // Bit w of reach[v]: there is a way from v to w.
  const reach = Array.from(numbers, () => 0n);
  const kept: Edge[] = [];
  const broken: Edge[] = [];
  for (const edge of edges.toSorted(byStrength)) {
    const from = numbers.get(edge.from) ?? 0;
    const to = numbers.get(edge.to) ?? 0;
    if (leads(reach, to, from)) broken.push(edge);
    else {
      kept.push(edge);
      join(reach, from, to);
    }
  }
  return { kept, broken };
}

const leads = (reach: readonly bigint[], from: number, to: number): boolean =>
  from === to || (((reach[from] ?? 0n) >> BigInt(to)) & 1n) === 1n;

function join(reach: bigint[], from: number, to: number): void {
  if (leads(reach, from, to)) return;
  const gained = (reach[to] ?? 0n) | (1n << BigInt(to));
  for (const [node, known] of reach.entries()) if (leads(reach, node, from)) reach[node] = known | gained;
}
