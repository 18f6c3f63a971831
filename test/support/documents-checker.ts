/**
 * What the wire contract promises of a drafted graph, checked without a line of the code that makes it:
 * Kahn's algorithm for cycles, plain slices for quotes.
 */

interface WireProvenance {
  readonly source: string;
  readonly quote: string;
  readonly location: string;
}

export interface WireGraph {
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: string;
    readonly label: string;
    readonly body?: string | undefined;
  }[];
  readonly edges: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly weight?: number | undefined;
    readonly belief?: number | undefined;
    readonly provenance?: WireProvenance | undefined;
  }[];
  readonly meta: {
    readonly roots: readonly string[];
    readonly leaves: readonly string[];
    readonly suggested_positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  };
}

export interface Promises {
  readonly maxNodes: number;
  readonly maxEdges: number;
  /** Text by source: `brief`, and each document's as far as it is used. */
  readonly texts: ReadonlyMap<string, string>;
}

const KINDS = new Set(['goal', 'decision', 'option', 'outcome', 'risk', 'action', 'factor']);
const sortedBy = <T>(items: readonly T[], key: (item: T) => string): boolean =>
  items.every((item, index) => index === 0 || key(items[index - 1] ?? item) <= key(item));

/** Every broken promise in words; empty when all are kept. */
export function graphFaults(graph: WireGraph, { maxNodes, maxEdges, texts }: Promises): string[] {
  const { nodes, edges, meta } = graph;
  const ids = new Set(nodes.map(({ id }) => id));
  const faults: [boolean, string][] = [
    [nodes.length > maxNodes, 'too many nodes'],
    [edges.length > maxEdges, 'too many edges'],
    [ids.size < nodes.length, 'a node id twice'],
    [new Set(edges.map(({ id }) => id)).size < edges.length, 'an edge id twice'],
    [!sortedBy(nodes, ({ id }) => id), 'nodes out of order'],
    [!sortedBy(edges, ({ from, to, id }) => [from, to, id].join('\u0000')), 'edges out of order'],
    [hasCycle(graph), 'a cycle'],
    [
      !sameWords(
        meta.roots,
        [...ids].filter((id) => edges.every(({ to }) => to !== id)),
      ),
      'roots are wrong',
    ],
    [
      !sameWords(
        meta.leaves,
        [...ids].filter((id) => edges.every(({ from }) => from !== id)),
      ),
      'leaves are wrong',
    ],
    [!sameWords(Object.keys(meta.suggested_positions), [...ids]), 'positions of other nodes'],
    [!edgesLeadDown(graph), 'an edge that leads up'],
    [!placesDiffer(graph), 'two nodes on one place, or a place off the grid'],
  ];
  return [
    ...faults.filter(([broken]) => broken).map(([, fault]) => fault),
    ...nodes.flatMap(nodeFaults),
    ...edges.flatMap((edge) => edgeFaults(edge, ids)),
    ...edges.flatMap(({ provenance }) => (provenance === undefined ? [] : quoteFaults(provenance, texts))),
  ];
}

/** Why a quote does not stand where it says. */
export function quoteFaults({ source, quote, location }: WireProvenance, texts: ReadonlyMap<string, string>): string[] {
  const text = texts.get(source);
  const range = /^(?:page [1-9]\d*, |summary )?chars (\d+)-(\d+)$/.exec(location);
  if (text === undefined || range === null) return [`a quote from nowhere: ${source} ${location}`];
  const literal = Array.from(text).slice(Number(range[1]), Number(range[2])).join('');
  return literal === quote && quote !== '' && quote.length <= 100 ? [] : [`a quote that is not there: ${location}`];
}

function nodeFaults({ id, kind, label, body = '-' }: WireGraph['nodes'][number]): string[] {
  const clean = (text: string, max: number) =>
    text !== '' && text.length <= max && text.isWellFormed() && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);
  const good = /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id) && KINDS.has(kind) && clean(label, 120) && clean(body, 200);
  return good ? [] : [`a bad node: ${JSON.stringify({ id, kind, label, body })}`];
}

function edgeFaults({ id, from, to, weight = 0, belief = 0 }: WireGraph['edges'][number], ids: Set<string>): string[] {
  const number = id.startsWith(`${from}::${to}::`) ? id.slice(`${from}::${to}::`.length) : '';
  const good =
    ids.has(from) && ids.has(to) && /^\d+$/.test(number) && Math.abs(weight) <= 1 && belief >= 0 && belief <= 1;
  return good ? [] : [`a bad edge: ${id}`];
}

function hasCycle({ nodes, edges }: WireGraph): boolean {
  let left = new Set(nodes.map(({ id }) => id));
  for (;;) {
    const entered = new Set(edges.filter(({ from }) => left.has(from)).map(({ to }) => to));
    const next = new Set([...left].filter((id) => entered.has(id)));
    if (next.size === left.size) return left.size > 0;
    left = next;
  }
}

const sameWords = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

const edgesLeadDown = ({ edges, meta }: WireGraph): boolean =>
  edges.every(({ from, to }) => {
    const [above, below] = [meta.suggested_positions[from], meta.suggested_positions[to]];
    return above !== undefined && below !== undefined && above.y < below.y;
  });

function placesDiffer({ meta }: WireGraph): boolean {
  const places = Object.values(meta.suggested_positions);
  const whole = places.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y));
  return whole && new Set(places.map(({ x, y }) => `${x} ${y}`)).size === places.length;
}
