import type { ProposedEdge } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';
import { FIRM } from '../text/stop-words.lexicon.js';
import type { Drafted, Support } from './draft.js';

/** Support below this is position alone: the edge is then only a hypothesis. */
export const LIKELY = 0.4;

const round = (value: number): number => Math.round(value * 100) / 100;
const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** Strength of an influence, from how it is worded: firm words and figures add to it, hedges take away. */
export function weightOf(evidence: Candidate, sign: 1 | -1): number {
  const firm = evidence.sentence.words.some(({ lower }) => FIRM.has(lower)) ? 0.12 : 0;
  const measured = evidence.quantities.length > 0 ? 0.15 : 0;
  const hedged = evidence.hedge === undefined ? 0 : 0.1;
  const judged = 0.08 * Math.min(2, Math.abs(evidence.tone));
  return round(sign * within(0.4 + firm + measured + judged - hedged, 0.1, 0.95));
}

/** How likely an influence is real: what connects the two, how it was recognised, whether it was said again. */
export function beliefOf(evidence: Drafted, { strength }: Support): number {
  const { candidate, echoes } = evidence;
  const elsewhere = echoes.filter(({ sentence }) => sentence.source !== candidate.sentence.source).length;
  const repeated = Math.min(0.2, 0.04 * echoes.length + 0.08 * elsewhere);
  const hedged = candidate.hedge === undefined ? 0 : 0.12;
  const inferred = candidate.via.by === 'inferred' ? 0.2 : 0;
  const clear = 0.05 * within(candidate.score - 2, -2, 2);
  return round(within(0.15 + 0.65 * strength + repeated + clear - hedged - inferred, 0.05, 0.95));
}

/**
 * What an edge rests on. `metric`: a CSV column, or an amount with a unit in the brief; `document`: an attachment's words;
 * `hypothesis`: inferred, hedged, or connected by position alone; `engine`: read from the brief's plain assertion.
 */
export function basisOf({ candidate }: Drafted, { strength }: Support): NonNullable<ProposedEdge['basis']> {
  if (candidate.sentence.source.kind === 'table') return 'metric';
  if (strength < LIKELY || candidate.via.by === 'inferred') return 'hypothesis';
  if (candidate.sentence.source.kind === 'document' || candidate.via.by === 'dispute') return 'document';
  if (candidate.quantities.some(({ unit }) => unit !== '')) return 'metric';
  return candidate.hedge === undefined ? 'engine' : 'hypothesis';
}
