import type { Issue } from '../issue.schema.js';
import type { ReadEdge, ReadNode } from './proposal.policy.js';
import { oneLine, shorten } from './text.policy.js';

/** Nodes that go into the graph, under ids that are safe everywhere, and what became of the model's own ids. */
export interface NamedNodes {
  readonly nodes: readonly ReadNode[];
  /** The model's id → the id in the graph. */
  readonly ids: ReadonlyMap<string, string>;
  /** The model's ids of nodes over the limit. */
  readonly leftOut: ReadonlySet<string>;
  readonly nodesLeftOut: number;
  readonly issues: readonly Issue[];
}

const ID_MAX = 48;
const RANK = { goal: 0, decision: 1, option: 2, outcome: 3, risk: 4, action: 5, factor: 6 } as const;

/**
 * Merges nodes that say the same, keeps the most important ones (by kind, then by number of edges, then in the
 * order proposed) and gives each an id of letters, digits, `-` and `_`.
 */
export function nameNodes(proposed: readonly ReadNode[], edges: readonly ReadEdge[], maxNodes: number): NamedNodes {
  const { unique, aliases, issues } = mergeNodes(proposed);
  const degree = degrees(edges, aliases);
  const ranked = unique
    .map((node, index) => ({ node, index }))
    .sort(
      (a, b) =>
        RANK[a.node.kind] - RANK[b.node.kind] ||
        (degree.get(b.node.id) ?? 0) - (degree.get(a.node.id) ?? 0) ||
        a.index - b.index,
    );
  const kept = new Set(ranked.slice(0, maxNodes).map(({ node }) => node.id));
  const names = nameAll(unique);
  const ids = new Map<string, string>();
  const leftOut = new Set<string>();
  for (const [alias, id] of aliases) {
    if (kept.has(id)) ids.set(alias, names.get(id) ?? id);
    else leftOut.add(alias);
  }
  const nodes = unique.filter(({ id }) => kept.has(id)).map((node) => ({ ...node, id: names.get(node.id) ?? node.id }));
  return { nodes, ids, leftOut, nodesLeftOut: unique.length - kept.size, issues };
}

interface Merged {
  readonly unique: readonly ReadNode[];
  /** Every id of the model → the id of the node that stands for it. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
}

function mergeNodes(proposed: readonly ReadNode[]): Merged {
  const unique: ReadNode[] = [];
  const aliases = new Map<string, string>();
  const meanings = new Map<string, string>();
  const issues: Issue[] = [];
  for (const node of proposed) {
    const meaning = `${node.kind} ${node.label.toLowerCase()}`;
    const twin = aliases.get(node.id) ?? meanings.get(meaning);
    if (twin === undefined) {
      unique.push(node);
      meanings.set(meaning, node.id);
    } else {
      issues.push({ code: 'node_merged', message: 'A node proposed twice was merged', target: slug(twin) });
    }
    if (!aliases.has(node.id)) aliases.set(node.id, twin ?? node.id);
  }
  return { unique, aliases, issues };
}

function degrees(edges: readonly ReadEdge[], aliases: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const degree = new Map<string, number>();
  for (const end of edges.flatMap(({ from, to }) => [from, to])) {
    const id = aliases.get(end);
    if (id !== undefined) degree.set(id, (degree.get(id) ?? 0) + 1);
  }
  return degree;
}

const slug = (id: string): string =>
  shorten(oneLine(id).replace(/[^A-Za-z0-9_-]+/g, '-'), ID_MAX).replace(/^[-_]+|[-_]+$/g, '');

function nameAll(nodes: readonly ReadNode[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return new Map(
    nodes.map(({ id, kind }) => {
      const stem = slug(id) || kind;
      let name = stem;
      let number = next.get(stem) ?? 2;
      for (; taken.has(name); number++) name = `${stem}-${number}`;
      next.set(stem, number);
      taken.add(name);
      return [id, name];
    }),
  );
}
