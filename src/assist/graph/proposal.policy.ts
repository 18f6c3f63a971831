import { z } from 'zod';
import { NodeKind } from '#src/models/index.js';
import type { Issue } from '../issue.schema.js';
import { oneLine, shorten } from './text.policy.js';

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What a model may have meant: optional parts that are wrong are dropped, required ones drop the whole. */
const LooseQuotation = z.object({ source: z.string().max(200), quote: z.string() });
const LooseNode = z.object({
  id: z.string().min(1).max(1_000),
  kind: z.string(),
  label: z.string(),
  body: maybe(z.string()),
  why: maybe(z.string()),
  quotation: maybe(LooseQuotation),
});
const LooseEdge = z.object({
  from: z.string().max(1_000),
  to: z.string().max(1_000),
  weight: maybe(z.number().min(-1).max(1)),
  belief: maybe(z.number().min(0).max(1)),
  basis: maybe(z.enum(['document', 'metric', 'hypothesis', 'engine'])),
  quotation: maybe(LooseQuotation),
});
const LooseProposal = z.object({
  nodes: z.array(z.unknown()).catch([]),
  edges: z.array(z.unknown()).catch([]),
  confidence: maybe(z.number().min(0).max(1)),
});

/** A node of a proposal with usable words; `id` is still the model's own. */
export interface ReadNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly body: string | undefined;
  readonly why: string | undefined;
  readonly quotation: { readonly source: string; readonly quote: string } | undefined;
}
export type ReadEdge = z.infer<typeof LooseEdge>;

export interface ReadProposal {
  readonly nodes: readonly ReadNode[];
  readonly edges: readonly ReadEdge[];
  readonly confidence: number | undefined;
  /** Nodes and edges behind the bound, never looked at. */
  readonly unread: { readonly nodes: number; readonly edges: number };
  readonly issues: readonly Issue[];
}

const LABEL_MAX = 120;
const BODY_MAX = 200;
const WHY_MAX = 280;

/**
 * Reads a model's answer, which may be anything, piece by piece; also one that is still growing.
 *
 * @param bounds how many nodes and edges are looked at
 */
export function readProposal(value: unknown, bounds: { nodes: number; edges: number }): ReadProposal {
  const parsed = LooseProposal.safeParse(value);
  const { nodes, edges, confidence } = parsed.success ? parsed.data : { nodes: [], edges: [], confidence: undefined };
  const issues: Issue[] = [];
  return {
    nodes: nodes.slice(0, bounds.nodes).flatMap((node) => readNode(node, issues)),
    edges: edges.slice(0, bounds.edges).flatMap((edge) => readEdge(edge, issues)),
    confidence,
    unread: { nodes: Math.max(0, nodes.length - bounds.nodes), edges: Math.max(0, edges.length - bounds.edges) },
    issues,
  };
}

function readNode(value: unknown, issues: Issue[]): ReadNode[] {
  const loose = LooseNode.safeParse(value);
  const label = loose.success ? oneLine(loose.data.label) : '';
  if (!loose.success || label === '') {
    issues.push({ code: 'node_invalid', message: 'A proposed node without id, kind or label was left out' });
    return [];
  }
  const { id, kind, body, why, quotation } = loose.data;
  const known = NodeKind.safeParse(kind);
  const target = shorten(oneLine(id), 64);
  if (!known.success) {
    issues.push({ code: 'node_kind_unknown', message: 'A proposed node of an unknown kind was left out', target });
    return [];
  }
  if (label.length > LABEL_MAX || oneLine(body ?? '').length > BODY_MAX)
    issues.push({ code: 'text_shortened', message: 'Label or body was longer than allowed', target });
  return [
    {
      id,
      kind: known.data,
      label: shorten(label, LABEL_MAX),
      body: words(body, BODY_MAX),
      why: words(why, WHY_MAX),
      quotation,
    },
  ];
}

function readEdge(value: unknown, issues: Issue[]): ReadEdge[] {
  const loose = LooseEdge.safeParse(value);
  if (loose.success) return [loose.data];
  issues.push({ code: 'edge_invalid', message: 'A proposed edge without two ends was left out' });
  return [];
}

function words(text: string | undefined, max: number): string | undefined {
  const line = shorten(oneLine(text ?? ''), max);
  return line === '' ? undefined : line;
}
