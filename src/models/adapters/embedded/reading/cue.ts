import type { NodeKind } from '../../../draft-graph.schema.js';

/**
 * What of the sentence a cue points at: what comes `after` it in the same statement, the whole `clause`,
 * everything from the cue on (`onward`), or alternatives to be taken apart (`split`; `courses` when all are things to do).
 */
export type Take = 'after' | 'clause' | 'onward' | 'split' | 'courses';

/** Words that give a statement its kind. `triggers` are lower-case words: without one of them the pattern is not tried. */
export interface Cue {
  readonly kind: NodeKind;
  readonly triggers: readonly string[];
  /** Global: every occurrence is looked at. */
  readonly pattern: RegExp;
  readonly take: Take;
  readonly weight: number;
}

export const cue = (kind: NodeKind, take: Take, weight: number, triggers: string, pattern: RegExp): Cue => ({
  kind,
  take,
  weight,
  triggers: triggers.split(' '),
  pattern: new RegExp(pattern, `g${pattern.flags}`),
});
