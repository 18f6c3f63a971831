import type { DrawnEdge } from '../../../tasks/graph-parts.schema.js';

const UNSTATED = 0.5;

/** How much an edge says, 0 to 1: the strength of the influence times how likely it is. */
export const strength = ({ weight = UNSTATED, belief = UNSTATED }: DrawnEdge): number => Math.abs(weight) * belief;
