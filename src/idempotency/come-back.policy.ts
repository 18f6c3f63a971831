import type { RepeatRequest } from './repeat-request.policy.js';

/** Longer than the longest pause of the official SDKs between two attempts (8 s). */
export const COME_BACK_MS = 10_000;

/**
 * How long the work of a request that was not answered waits for its caller to come back, ms; `undefined`: it goes on to its
 * end, for whoever sends the key again. Who does not count its attempts would not be known again, so nothing waits for it.
 */
export function comeBackMs(repeat: RepeatRequest): number | undefined {
  if (repeat.kind === 'keyed') return undefined;
  const counts = repeat.kind === 'retry' || (repeat.kind === 'first' && repeat.marked);
  return counts ? COME_BACK_MS : 0;
}
