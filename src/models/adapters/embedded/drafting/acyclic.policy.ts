import type { Related } from './draft.js';

function reaches(from: string, to: string, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const each of next.get(at) ?? []) {
      if (seen.has(each)) continue;
      seen.add(each);
      open.push(each);
    }
  }
  return false;
}

/** Those of `added` that neither repeat a relation nor close a circle with `kept` or each other; the best supported go first. */
export function acyclic(kept: readonly Related[], added: readonly Related[]): readonly Related[] {
  const next = new Map<string, string[]>();
  const connect = (from: string, to: string): void => {
    next.set(from, [...(next.get(from) ?? []), to]);
  };
  for (const { edge } of kept) connect(edge.from, edge.to);
  const accepted = new Set<Related>();
  for (const each of [...added].sort((a, b) => b.support.strength - a.support.strength)) {
    const { from, to } = each.edge;
    if (next.get(from)?.includes(to) === true || reaches(to, from, next)) continue;
    connect(from, to);
    accepted.add(each);
  }
  return added.filter((each) => accepted.has(each));
}
