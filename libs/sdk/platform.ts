/** The part of `fetch` this library uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Time and randomness; replaced in tests. */
export interface Time {
  /** Unix time, ms. */
  readonly now: () => number;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** Runs `task` once after `ms`; the answer prevents it. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** Waits, or ends early when the signal aborts. Never rejects: who waits looks at the signal. */
export function pause(time: Time, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const stop = time.after(ms, end);
    signal?.addEventListener('abort', end);
  });
}
