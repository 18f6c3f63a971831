import { setTimeout as timer } from 'node:timers';

/** A timer is this late on an idle machine too, ms. */
const USUAL_LAG_MS = 20;
/** However busy the process stays, somebody waits for the call. */
const MOST_EXTENSIONS = 3;

/**
 * Calls back after this much time in which the process could have noticed an answer. While it was busy itself, it did not
 * even look at its sockets: that time is no fault of whoever should have answered, and is waited for once more.
 *
 * @returns what calls it off
 */
export function attentiveLimit(ms: number, late: () => void): () => void {
  let extensions = 0;
  let timeout: NodeJS.Timeout;
  const wait = (forMs: number): void => {
    const due = performance.now() + forMs;
    timeout = timer(() => {
      const lag = performance.now() - due;
      if (lag <= USUAL_LAG_MS || extensions === MOST_EXTENSIONS) {
        setImmediate(late);
        return;
      }
      extensions += 1;
      wait(Math.min(lag, ms));
    }, forMs);
  };
  wait(ms);
  return () => clearTimeout(timeout);
}
