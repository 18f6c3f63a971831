import type { Fetch, Time } from '../platform.js';

/** The clock, timers and randomness of the host. */
export const hostTime: Time = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Looked up at each call: browsers want `fetch` called on the global, and tests may replace it. */
export const hostFetch: Fetch = (url, init) => globalThis.fetch(url, init);
