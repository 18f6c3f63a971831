import type { ComeBack } from '#src/kernel/index.js';
import type { RepeatRequest } from './repeat-request.policy.js';

/** Longer than the longest pause of the official SDKs between two attempts (8 s). */
export const COME_BACK_MS = 10_000;

/** The pause of the official SDKs after their first attempt; each further one is twice as long. */
const FIRST_PAUSE_MS = 500;
/** For a new connection. */
const CONNECTING_MS = 250;
/** By which our clock for a request may start later than that of its caller, whose whole seconds are cut off besides. */
const TOLERANCE_MS = 1_000;

const AT_ONCE: ComeBack = { timedOutMs: 0, cutMs: 0, timeoutMs: 0 };

/**
 * How long the work of a request that was not answered waits for its caller to come back; `undefined`: it goes on to its
 * end, for whoever sends the key again. Who does not count its attempts would not be known again, so nothing waits for it.
 *
 * @param timeoutMs after which the caller gives up, as it says; 0 where it does not
 */
export function comeBackOf(repeat: RepeatRequest, timeoutMs: number): ComeBack | undefined {
  if (repeat.kind === 'keyed') return undefined;
  if (repeat.kind === 'invalid' || (repeat.kind === 'first' && !repeat.marked)) return AT_ONCE;
  const pauseMs = FIRST_PAUSE_MS * 2 ** (repeat.kind === 'retry' ? repeat.count : 0);
  return {
    timedOutMs: COME_BACK_MS,
    cutMs: Math.min(COME_BACK_MS, pauseMs + CONNECTING_MS),
    timeoutMs: Math.max(0, timeoutMs - TOLERANCE_MS),
  };
}
