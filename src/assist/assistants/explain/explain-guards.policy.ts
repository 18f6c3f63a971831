import { AppError } from '#src/kernel/index.js';
import type { EXPLAIN_DIFF, TaskProposal } from '#src/models/index.js';
import { nameEdges } from '../../drawn-graph.schema.js';
import { type Sources, verifyQuote } from '../../graph/quotes.policy.js';
import { clip } from '../../graph/text.policy.js';
import { type ExplainDiffAnswer, type ExplainDiffRequest, WHY_MAX } from './explain-diff.schema.js';

type Proposal = TaskProposal<typeof EXPLAIN_DIFF>;
type Rationale = Proposal['rationales'][number];
type Origin = NonNullable<Rationale['provenance_source']>;

/**
 * One reason for each part of the patch, in its order: a reason for anything else is left out, and so is a second one.
 * A document or a figure stands behind a reason only where its quote stands in the brief, or the patch itself says so.
 *
 * @throws {AppError} `UPSTREAM_FAILED` when nothing of the patch is explained
 */
export function guardRationales(request: ExplainDiffRequest, proposal: Proposal): ExplainDiffAnswer {
  const reasons = new Map<string, Rationale>();
  for (const each of proposal.rationales)
    if (!reasons.has(each.target) && each.why.trim() !== '') reasons.set(each.target, each);
  const sources = sourcesOf(request);
  const rationales = [...originsOf(request)].flatMap(([target, stated]) => {
    const reason = reasons.get(target);
    if (reason === undefined) return [];
    const origin = originOf(reason, stated, sources);
    const why = clip(reason.why, WHY_MAX);
    return [{ target, why, ...(origin === undefined ? {} : { provenance_source: origin }) }];
  });
  if (rationales.length > 0) return { rationales };
  throw new AppError('UPSTREAM_FAILED', 'The model explained nothing of the patch');
}

/** Whether a proposal explains anything of the patch. */
export function explainsSomething(request: ExplainDiffRequest, { rationales }: Proposal): boolean {
  const targets = originsOf(request);
  return rationales.some(({ target, why }) => targets.has(target) && why.trim() !== '');
}

/** Every part of the patch, in order, with what the patch says it rests on. */
function originsOf({ patch: { adds, updates, removes } }: ExplainDiffRequest): ReadonlyMap<string, Origin | undefined> {
  const parts: readonly { readonly id: string; readonly provenance_source?: Origin | undefined }[] = [
    ...adds.nodes.map(({ id }) => ({ id })),
    ...nameEdges(adds.edges),
    ...updates,
    ...removes.map((id) => ({ id })),
  ];
  const origins = new Map<string, Origin | undefined>();
  for (const { id, provenance_source } of parts) origins.set(id, origins.get(id) ?? provenance_source);
  return origins;
}

function originOf(
  { provenance_source: claimed, quotation }: Rationale,
  stated: Origin | undefined,
  sources: Sources,
): Origin | undefined {
  const proven = quotation !== undefined && verifyQuote(quotation, sources) !== undefined;
  if (proven) return claimed ?? 'document';
  const needsProof = claimed === 'document' || claimed === 'metric';
  return needsProof && claimed !== stated ? 'hypothesis' : claimed;
}

function sourcesOf({ brief }: ExplainDiffRequest): Sources {
  if (brief === undefined) return new Map();
  return new Map([['brief', { id: 'brief', kind: 'brief', text: brief, pageStarts: [] }]]);
}
