import { z } from 'zod';
import { AttachmentKind } from './attachments/attachment.schema.js';
import { Graph, GraphPatch, Positions, Provenance } from './graph.schema.js';
import { Issue } from './issue.schema.js';

export const Rationale = z
  .object({
    target: z.string().describe('Node id'),
    why: z.string().max(280),
    provenance: Provenance.nullable().describe('null when no quote supports it'),
  })
  .meta({ id: 'Rationale' });
export type Rationale = z.infer<typeof Rationale>;

const CsvColumnView = z.object({
  name: z.string(),
  type: z.enum(['number', 'text']),
  count: z.int(),
  distinct: z.int().optional(),
  mean: z.number().optional(),
  median: z.number().optional(),
  p50: z.number().optional(),
  p90: z.number().optional(),
  p95: z.number().optional(),
  p99: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});

export const DraftDocumentView = z
  .object({
    id: z.string(),
    kind: AttachmentKind,
    name: z.string(),
    characters_used: z.int(),
    characters_total: z.int(),
    pages: z.int().optional(),
    rows: z.int().optional(),
    columns: z.array(CsvColumnView).optional(),
    summary: z.string().optional().describe('CSV: the text that was used in place of the rows; quotes refer to it'),
  })
  .meta({ id: 'DraftDocument' });
export type DraftDocumentView = z.infer<typeof DraftDocumentView>;

export const DraftDiagnostics = z
  .object({
    provider: z.string(),
    model: z.string(),
    repairs: z.int().describe('1 when the model had to mend its first answer'),
    documents: z.array(DraftDocumentView).describe('What was read'),
    quotes: z.object({ verified: z.int(), removed: z.int() }),
    timings_ms: z.object({ attachments: z.number(), model: z.number() }).optional(),
  })
  .meta({ id: 'DraftDiagnostics' });
export type DraftDiagnostics = z.infer<typeof DraftDiagnostics>;

export const DraftGraphAnswer = z
  .object({
    schema: z.literal('draft-graph.v1'),
    run_id: z.string(),
    graph: Graph,
    patch: GraphPatch.describe('From the empty graph to this one'),
    rationales: z.array(Rationale),
    issues: z.array(Issue).describe('What was left out, cut or removed, and why'),
    confidence: z.number().min(0).max(1),
    clarifier_status: z.enum(['complete', 'needed']).describe('Whether the brief says enough to decide on'),
    quality_tier: z.enum(['high', 'medium', 'low']),
    layout: z.object({ suggested_positions: Positions }),
    usage: z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }),
    diagnostics: DraftDiagnostics,
  })
  .meta({ id: 'DraftGraphAnswer' });
export type DraftGraphAnswer = z.infer<typeof DraftGraphAnswer>;
