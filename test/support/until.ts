import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often is waited and looked, ms. */
export interface Patience {
  readonly patienceMs: number;
  readonly pauseMs: number;
}

const SHORT: Patience = { patienceMs: 10_000, pauseMs: 5 };

/** Waits for what happens outside of any clock of ours, such as an answer on a socket. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { patienceMs, pauseMs }: Patience = SHORT,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await delay(pauseMs);
  }
}
