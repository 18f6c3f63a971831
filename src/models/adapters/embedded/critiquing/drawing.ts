import type { DrawnEdge, DrawnNode } from '../../../tasks/graph-parts.schema.js';
import { type Movement, movements } from '../text/movements.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { words } from '../text/words.policy.js';

const LABEL_SHOWN = 60;

/** A graph as somebody drew it, ready to be asked about. Nothing is promised: ends may be missing, ids may repeat. */
export class Drawing {
  /** Edges between two different nodes that are there. */
  readonly sound: readonly DrawnEdge[];
  private readonly byId: ReadonlyMap<string, DrawnNode>;
  private readonly after: ReadonlyMap<string, readonly string[]>;
  private readonly outgoing: ReadonlyMap<string, readonly DrawnEdge[]>;
  private readonly moves = new Map<string, readonly Movement[]>();
  private readonly before: ReadonlyMap<string, readonly string[]>;

  constructor(
    readonly nodes: readonly DrawnNode[],
    readonly edges: readonly DrawnEdge[],
  ) {
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    this.sound = edges.filter(({ from, to }) => from !== to && this.has(from) && this.has(to));
    this.after = neighbours(this.sound.map(({ from, to }) => [from, to]));
    this.outgoing = Map.groupBy(this.sound, ({ from }) => from);
    this.before = neighbours(this.sound.map(({ from, to }) => [to, from]));
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  label(id: string): string {
    return this.byId.get(id)?.label ?? '';
  }

  /** What a node is called; an id nobody drew is called by itself. */
  name(id: string): string {
    return excerpt(this.byId.get(id)?.label ?? id, LABEL_SHOWN);
  }

  arrow({ from, to }: DrawnEdge): string {
    return `${this.name(from)} → ${this.name(to)}`;
  }

  of(...kinds: readonly DrawnNode['kind'][]): readonly DrawnNode[] {
    return this.nodes.filter(({ kind }) => kinds.includes(kind));
  }

  kindOf(id: string): DrawnNode['kind'] | undefined {
    return this.byId.get(id)?.kind;
  }

  /** Which way its label says that things go. */
  movesOf(id: string): readonly Movement[] {
    const known = this.moves.get(id) ?? movements(words(this.label(id), 0));
    this.moves.set(id, known);
    return known;
  }

  /** Whether no edge touches it. */
  alone({ id }: DrawnNode): boolean {
    return !this.after.has(id) && !this.before.has(id);
  }

  /** The edges that leave it. */
  from(id: string): readonly DrawnEdge[] {
    return this.outgoing.get(id) ?? [];
  }

  /** Everything it leads to, near and far. */
  downstream(id: string): ReadonlySet<string> {
    return spread(id, this.after);
  }

  /** Everything that leads to it, near and far. */
  upstream(id: string): ReadonlySet<string> {
    return spread(id, this.before);
  }

  /** Everything connected with it, whichever way. */
  part(id: string): ReadonlySet<string> {
    const both = neighbours(this.sound.flatMap(({ from, to }) => [[from, to] as const, [to, from] as const]));
    return new Set([id, ...spread(id, both)]);
  }
}

function neighbours(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>();
  for (const [from, to] of pairs) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  return next;
}

function spread(from: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const each of next.get(at) ?? []) {
      if (reached.has(each)) continue;
      reached.add(each);
      open.push(each);
    }
  }
  return reached;
}
