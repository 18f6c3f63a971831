import type { Clock } from './clock.js';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const TRIED_FOR_MS = 600_000;

/**
 * Tries again what just failed, after longer and longer waits, for ten minutes.
 *
 * @returns whether an attempt did not reject
 */
export async function retryLater(clock: Clock, attempt: () => Promise<unknown>): Promise<boolean> {
  const until = clock.now() + TRIED_FOR_MS;
  for (let wait = FIRST_WAIT_MS; clock.now() < until; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    await clock.sleep(wait);
    const done = await attempt().then(
      () => true,
      () => false,
    );
    if (done) return true;
  }
  return false;
}
