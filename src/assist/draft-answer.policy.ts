import type { StructuredEvent } from '#src/models/index.js';
import type { ReadDocument, Reading } from './attachments/reading.js';
import type { DraftDiagnostics, DraftDocumentView, DraftGraphAnswer } from './draft-answer.schema.js';
import type { DraftGraphRequest } from './draft-request.schema.js';
import type { GuardedDraft } from './graph/guard-draft.policy.js';
import { oneLine } from './graph/text.policy.js';
import { boundIssues, type Issue } from './issue.schema.js';
import { judge, temper } from './quality.policy.js';

export type ModelAnswer = Extract<StructuredEvent, { type: 'done' }>;

export interface DraftParts {
  readonly runId: string;
  readonly request: DraftGraphRequest;
  readonly reading: Reading;
  readonly answer: ModelAnswer;
  readonly guarded: GuardedDraft;
  /** Milliseconds. */
  readonly timings: { readonly attachments: number; readonly model: number };
}

/** The answer on the wire. But for the run's id and the times asked for, the same input gives the same bytes. */
export function composeAnswer(parts: DraftParts): DraftGraphAnswer {
  const { runId, request, reading, answer, guarded } = parts;
  const { graph, rationales, findings } = guarded;
  const unread = (request.attachments?.length ?? 0) - reading.documents.length;
  const confidence = temper(findings, unread);
  const { clarifierStatus, qualityTier } = judge(graph, confidence);
  const { inputTokens, outputTokens } = answer.usage;
  return {
    schema: 'draft-graph.v1',
    run_id: runId,
    graph,
    patch: { adds: { nodes: graph.nodes, edges: graph.edges }, updates: [], removes: [] },
    rationales: [...rationales],
    issues: boundIssues([
      ...reading.issues,
      ...flagIssues(request),
      ...cutIssues(answer),
      ...guarded.issues,
      ...unquoted(parts),
    ]),
    confidence,
    clarifier_status: clarifierStatus,
    quality_tier: qualityTier,
    layout: { suggested_positions: graph.meta.suggested_positions },
    usage: { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
    diagnostics: diagnose(parts),
  };
}

function diagnose({ request, reading, answer, guarded, timings }: DraftParts): DraftDiagnostics {
  const { provider, model, repairs } = answer;
  const { quotesHeld, quotesLost } = guarded.findings;
  return {
    provider,
    model,
    repairs,
    documents: reading.documents.map(describeDocument),
    quotes: { verified: quotesHeld, removed: quotesLost },
    ...(request.include_debug === true ? { timings_ms: timings } : {}),
  };
}

function describeDocument({
  id,
  kind,
  name,
  charactersUsed,
  charactersTotal,
  pages,
  csv,
  text,
}: ReadDocument): DraftDocumentView {
  return {
    id,
    kind,
    name,
    characters_used: charactersUsed,
    characters_total: charactersTotal,
    ...(pages === undefined ? {} : { pages }),
    ...(csv === undefined ? {} : { rows: csv.rows, columns: [...csv.columns], summary: text }),
  };
}

const flagIssues = ({ flags = {} }: DraftGraphRequest): Issue[] =>
  Object.keys(flags).map((flag) => ({
    code: 'flag_unknown',
    message: `The flag ${oneLine(flag)} has no meaning here`,
  }));

const cutIssues = ({ finish }: ModelAnswer): Issue[] =>
  finish === 'length'
    ? [{ code: 'draft_cut', message: 'The model reached its limit of output before it was done' }]
    : [];

/** Files that were read and that nothing in the graph quotes: what they say may be missing from it. */
function unquoted({ reading, guarded: { graph, rationales } }: DraftParts): Issue[] {
  const quoted = new Set([...graph.edges, ...rationales].map(({ provenance }) => provenance?.source));
  return reading.documents
    .filter(({ id }) => !quoted.has(id))
    .map(({ id }) => ({
      code: 'attachment_not_quoted',
      message: 'This file was read, and nothing in the graph quotes it',
      target: id,
    }));
}
