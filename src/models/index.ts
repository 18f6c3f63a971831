export type { CallMeter } from './call-meter.js';
export { DRAFT_GRAPH, type DraftInput, DraftProposal, NodeKind } from './draft-graph.schema.js';
export { ModelsModule } from './models.module.js';
export { Models } from './models.service.js';
export type { StructuredEvent, StructuredRequest } from './provider.port.js';
export { estimateTokens } from './tokens.policy.js';
