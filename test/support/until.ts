import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const PAUSE_MS = 5;

/** Waits for what happens outside of any clock of ours, such as an answer on a socket. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await delay(PAUSE_MS);
  }
}
