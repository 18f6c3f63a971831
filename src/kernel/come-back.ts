/** How long work waits for a caller who left before any of its answer to come back. */
export interface ComeBack {
  /** For one that left when its own time was over, or may have, ms. */
  readonly timedOutMs: number;
  /** For one that left before that: a user who gave up, or a line that broke, ms. */
  readonly cutMs: number;
  /** Since the request began, ms: who leaves later may have timed out. */
  readonly timeoutMs: number;
}

/** @param elapsedMs from the beginning of the request until its caller left */
export const waitFor = ({ timedOutMs, cutMs, timeoutMs }: ComeBack, elapsedMs: number): number =>
  elapsedMs < timeoutMs ? cutMs : timedOutMs;
