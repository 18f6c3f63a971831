import type { Draft, DraftEvent, Graph } from '#libs/sdk/index.js';
import type { GraphNode } from '#libs/sdk/shapes.js';

const LINE_LENGTH = 80;

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const title = (text: string): void =>
  say(`\n── ${text} ${'─'.repeat(Math.max(0, LINE_LENGTH - 4 - text.length))}`);

export const short = (token: string): string => `${token.slice(0, 12)}… (${token.length} characters)`;

export const showEvent = (event: DraftEvent): void =>
  say(`  ${String(event.seq).padStart(3)}  ${event.event.padEnd(9)}${summary(event)}`);

function summary(event: DraftEvent): string {
  switch (event.event) {
    case 'stage':
      return `${event.data.stage}${size(event.data.partial ?? event.data.payload?.graph)}`;
    case 'resume':
      return `token ${short(event.data.token)}, until ${event.data.expires_at}`;
    case 'gap':
      return `events ${event.data.from_seq} to ${event.data.to_seq} are gone: ${event.data.reason}`;
    case 'complete':
      return `receipt over ${event.data.receipt.count} events, root ${event.data.receipt.root.slice(0, 16)}…`;
    case 'other':
      return event.name;
  }
}

const size = (graph: Graph | undefined): string =>
  graph === undefined
    ? ''
    : `  ${'▪'.repeat(Math.min(graph.nodes.length, 40))} ${graph.nodes.length} nodes, ${graph.edges.length} edges`;

/** The graph in words: goal, decision, every option with what it leads to, each with the words it rests on. */
export function showDraft(draft: Draft): void {
  const { graph, confidence, issues, usage, run_id, diagnostics } = draft;
  const consequences = ofKind(graph, 'outcome', 'risk', 'action', 'factor');
  const options = ofKind(graph, 'option');
  for (const node of ofKind(graph, 'goal', 'decision')) showNode(draft, '  ', node);
  for (const option of options) {
    showNode(draft, '    ', option);
    for (const node of consequences.filter((other) => linked(graph, option, other))) showNode(draft, '      ', node);
  }
  const rest = consequences.filter((node) => !options.some((option) => linked(graph, option, node)));
  if (rest.length > 0) say('    beside the options');
  for (const node of rest) showNode(draft, '      ', node);
  for (const { name, rows, columns } of diagnostics.documents) {
    say(
      `  read     ${name}: ${rows ?? 0} rows as statistics of ${(columns ?? []).map((column) => column.name).join(', ')}`,
    );
  }
  say(`  confidence ${confidence}, ${issues.length} issues, ${usage.total_tokens} tokens, ${run_id}`);
  for (const { code, message } of issues) say(`  issue    ${code}: ${message}`);
}

function showNode({ rationales }: Draft, indent: string, { id, kind, label }: GraphNode): void {
  say(`${indent}${kind.padEnd(9)}${label}`);
  const provenance = rationales.find(({ target }) => target === id)?.provenance;
  if (!provenance) return;
  const { quote, source, location } = provenance;
  say(`${indent}         “${quote.replaceAll('\n', ' ')}”  [${source}, ${location}]`);
}

const ofKind = (graph: Graph, ...kinds: readonly GraphNode['kind'][]): readonly GraphNode[] =>
  kinds.flatMap((wanted) => graph.nodes.filter(({ kind }) => kind === wanted));

const linked = ({ edges }: Graph, a: GraphNode, b: GraphNode): boolean =>
  edges.some(({ from, to }) => (from === a.id && to === b.id) || (from === b.id && to === a.id));
