export { modelRules } from './adapters/models-file.js';
export { redactionRules } from './adapters/redaction-file.js';
export { PromptCache } from './cache/prompt-cache.js';
export type { CallMeter } from './call-meter.js';
export { DRAFT_GRAPH, type DraftInput, DraftProposal, NodeKind } from './draft-graph.schema.js';
export { estimateEmbedding } from './embed-text.policy.js';
export { estimateInput } from './messages.policy.js';
export { ModelsModule } from './models.module.js';
export { Models } from './models.service.js';
// What the surfaces translate to and from: one vocabulary, whole.
export type {
  ChatMessage,
  ContentPart,
  EmbedRequest,
  EmbedResult,
  EmbedText,
  FinishReason,
  ModelCard,
  Reads,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextFormat,
  TextRequest,
  Tool,
  ToolCall,
} from './provider.port.js';
export { TrafficRedactor, UNINSPECTED } from './redaction/traffic-redactor.js';
export { CLARIFY_BRIEF } from './tasks/clarify-brief.schema.js';
export { CRITIQUE_GRAPH, CritiqueLevel, GraphQuality } from './tasks/critique-graph.schema.js';
export { EXPLAIN_DIFF } from './tasks/explain-diff.schema.js';
export { SUGGEST_OPTIONS } from './tasks/suggest-options.schema.js';
export type { Task, TaskInput, TaskProposal } from './tasks/task.js';
export { estimateTokens } from './tokens.policy.js';
