/** An engine that lived this long had recovered from the crash before, ms. */
const STEADY_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * How long a crashed engine stays closed, ms: opening takes the whole process most of a second. Not at all after a steady
 * life; twice as long each time when it keeps crashing, or cannot be opened.
 *
 * @param lastWaitMs the wait before the life that just ended, which lasted `livedMs`
 */
export function waitBeforeReopening(lastWaitMs: number, livedMs: number): number {
  if (livedMs >= STEADY_MS) return 0;
  return Math.min(Math.max(lastWaitMs * 2, FIRST_WAIT_MS), LONGEST_WAIT_MS);
}
