import type { EXPLAIN_DIFF, ProposedRationale } from '../../../tasks/explain-diff.schema.js';
import type { TaskInput, TaskProposal } from '../../../tasks/task.js';
import { gather } from '../drafting/gather.policy.js';
import { sourcesOf } from '../drafting/sources.policy.js';
import { PatchParts } from './patch-parts.js';
import { addedEdge, addedNode, type Reason, removed, updated } from './reasons.policy.js';
import type { Reading } from './support.policy.js';

type Input = TaskInput<typeof EXPLAIN_DIFF>;

const LONGEST = 279;
const PAUSE_AFTER = 16;

function* readBrief(text: string | undefined): Generator<undefined, Reading | undefined> {
  if (text === undefined) return undefined;
  return { text, ...(yield* gather(sourcesOf({ brief: text, documents: [], constraints: [] }))) };
}

/** As many pieces as have room, in their order. */
const sentenceOf = (pieces: readonly string[]): string =>
  `${pieces.reduce((text, piece) => (text.length + piece.length + 2 <= LONGEST ? `${text}; ${piece}` : text))}.`;

function rationale(reasons: readonly Reason[]): ProposedRationale[] {
  const [first] = reasons;
  if (first === undefined) return [];
  const proof = reasons.find((each) => each.proof !== undefined)?.proof;
  return [
    {
      target: first.target,
      why: sentenceOf(reasons.flatMap(({ pieces }) => pieces)),
      provenance_source: proof?.origin ?? first.origin,
      ...(proof === undefined ? {} : { quotation: { source: 'brief', quote: proof.quote } }),
    },
  ];
}

function* reasonsOf({ adds, updates, removes }: Input, parts: PatchParts, reading: Reading | undefined) {
  for (const node of adds.nodes) yield addedNode(node, parts, reading);
  for (const edge of adds.edges) yield addedEdge(edge, parts, reading);
  for (const update of updates) yield updated(update, parts, reading);
  for (const id of removes) yield removed(id, parts, reading);
}

/**
 * Says why each part of a patch changes: what the patch does to it, and the sentence of the brief that speaks of it. A part that
 * is touched twice gets one reason for both. The same patch gets the same reasons. Yields where it can be paused.
 */
export function* explainDiff(input: Input): Generator<undefined, TaskProposal<typeof EXPLAIN_DIFF>> {
  const reading = yield* readBrief(input.brief);
  const parts = new PatchParts(input);
  const byTarget = new Map<string, Reason[]>();
  let since = 0;
  for (const reason of reasonsOf(input, parts, reading)) {
    byTarget.set(reason.target, [...(byTarget.get(reason.target) ?? []), reason]);
    since += 1;
    if (since % PAUSE_AFTER === 0) yield undefined;
  }
  return { rationales: [...byTarget.values()].flatMap(rationale) };
}
