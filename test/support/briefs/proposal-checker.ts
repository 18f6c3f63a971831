import type { DraftInput, DraftProposal } from '#src/models/draft-graph.schema.js';

/** Every promise a proposal breaks, checked without a line of the engine's code: shapes, limits, literal quotes, edges, circles. */
export function proposalFaults({ nodes, edges, confidence }: DraftProposal, input: DraftInput): readonly string[] {
  const texts = new Map([['brief', input.brief], ...input.documents.map(({ id, text }) => [id, text] as const)]);
  const ids = new Set(nodes.map(({ id }) => id));
  const faults: string[] = [];
  const check = (good: boolean, fault: string): void => {
    if (!good) faults.push(fault);
  };
  const quoted = (at: string, { source, quote }: { source: string; quote: string }): void => {
    check(texts.get(source)?.includes(quote) === true, `${at}: a quote that is not there: ${quote}`);
    check(quote.trim() === quote && quote !== '' && quote.length <= 100, `${at}: a badly cut quote: ${quote}`);
  };
  check(ids.size === nodes.length, 'an id twice');
  check(confidence >= 0 && confidence <= 1, 'confidence out of range');
  for (const { id, label, body = '', why, quotation } of nodes) {
    check(/^[a-z]+-\d+$/.test(id), `${id}: a bad id`);
    check(label.trim() === label && label !== '' && label.length <= 120, `${id}: a bad label: ${label}`);
    check(!/\s{2}|[\p{Cc}]/u.test(label) && label.isWellFormed(), `${id}: a label that is not clean`);
    check(!/\s{2}|[\p{Cc}]/u.test(why) && why.isWellFormed(), `${id}: reasons that are not clean: ${why}`);
    check(body.length <= 200 && why !== '' && why.length <= 280, `${id}: body or why too long`);
    if (quotation !== undefined) quoted(id, quotation);
  }
  for (const { from, to, weight = 0, belief = 0, quotation } of edges) {
    const at = `${from}→${to}`;
    check(ids.has(from) && ids.has(to) && from !== to, `${at}: leads nowhere`);
    check(Math.abs(weight) <= 1 && belief >= 0 && belief <= 1, `${at}: out of range`);
    if (quotation !== undefined) quoted(at, quotation);
  }
  check(new Set(edges.map(({ from, to }) => `${from} ${to}`)).size === edges.length, 'an edge twice');
  check(!circular(ids, edges), 'a circle');
  return faults;
}

/** Removes what nothing leads to until nothing is left, or only circles are. */
function circular(ids: ReadonlySet<string>, edges: DraftProposal['edges']): boolean {
  let left = new Set(ids);
  for (;;) {
    const entered = new Set(edges.filter(({ from }) => left.has(from)).map(({ to }) => to));
    const next = new Set([...left].filter((id) => entered.has(id)));
    if (next.size === left.size) return left.size > 0;
    left = next;
  }
}
