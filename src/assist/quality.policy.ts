import type { Findings } from './graph/guard-draft.policy.js';
import type { Graph } from './graph.schema.js';

/** Confidence of a model that states none. */
const UNSTATED = 0.5;
/** What is lost when every quote was invented, and when every edge was refused. */
const QUOTE_WEIGHT = 0.5;
const EDGE_WEIGHT = 0.3;
/** What each file that could not be read costs, and at most. */
const FILE_WEIGHT = 0.1;
const FILES_WEIGHT = 0.3;

const HIGH = 0.7;
const MEDIUM = 0.4;
const CLEAR = 0.5;
const OPTIONS_TO_CHOOSE = 2;

/**
 * The model's confidence, tempered by what the guards found: invented quotes, refused edges, unread files.
 *
 * @returns 0 to 1, two decimals
 */
export function temper(findings: Findings, filesUnread: number): number {
  const { claimed, quotesLost, quotesHeld, edgesRefused, edgesKept } = findings;
  const share = (part: number, rest: number): number => (part === 0 ? 0 : part / (part + rest));
  const value =
    (claimed ?? UNSTATED) *
    (1 - QUOTE_WEIGHT * share(quotesLost, quotesHeld)) *
    (1 - EDGE_WEIGHT * share(edgesRefused, edgesKept)) *
    (1 - Math.min(FILES_WEIGHT, FILE_WEIGHT * filesUnread));
  return Math.round(value * 100) / 100;
}

export interface Judgement {
  readonly clarifierStatus: 'complete' | 'needed';
  readonly qualityTier: 'high' | 'medium' | 'low';
}

/**
 * `complete`: something to decide, at least two options, confidence of at least 0.5.
 * `high`: complete and confidence of at least 0.7; `low`: under 0.4, or nothing connected; `medium`: between.
 */
export function judge({ nodes, edges }: Graph, confidence: number): Judgement {
  const count = (...kinds: readonly string[]): number => nodes.filter(({ kind }) => kinds.includes(kind)).length;
  const complete =
    count('goal', 'decision') > 0 && count('option') >= OPTIONS_TO_CHOOSE && confidence >= CLEAR && edges.length > 0;
  return {
    clarifierStatus: complete ? 'complete' : 'needed',
    qualityTier: tier(complete, confidence, edges.length),
  };
}

function tier(complete: boolean, confidence: number, edges: number): Judgement['qualityTier'] {
  if (confidence < MEDIUM || edges === 0) return 'low';
  return complete && confidence >= HIGH ? 'high' : 'medium';
}
