/** How long a process that does a job may be silent before another one does it, ms. */
export const LEASE_MS = 15_000;
/** How often a job is begun before it is given up. */
export const MOST_ATTEMPTS = 5;

/** Whoever accepts jobs begins them at once: what is looked for has lost its process. */
const ORPHANS_MS = 5_000;
/** Its jobs were accepted elsewhere, and somebody waits for each. */
const WORKER_MS = 500;

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/** What to do with a job that nobody holds, begun so often with this time. */
export const judgeJob = (attempts: number): 'run' | 'give_up' => (attempts > MOST_ATTEMPTS ? 'give_up' : 'run');

/** How long a job that failed so often waits, ms. */
export const backOffMs = (attempts: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT_MS);

/** How often a process of a role looks for jobs to take up, ms; `undefined`: never. */
export const roundMs = (role: 'all' | 'api' | 'worker'): number | undefined =>
  ({ all: ORPHANS_MS, api: undefined, worker: WORKER_MS })[role];
