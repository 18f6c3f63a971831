/** What became of calls that the prompt cache may answer. */
export const CACHE_OUTCOMES = ['hit', 'shared_hit', 'joined', 'miss', 'bypassed'] as const;
export type CacheOutcome = (typeof CACHE_OUTCOMES)[number];

/** Since the process started. */
export class CacheCounts {
  /**
   * `hit`: answered from this process. `shared_hit`: from Redis. `joined`: with the answer another caller was waiting for.
   * `miss`: a model was asked. `bypassed`: too, because the caller wanted a new answer.
   */
  readonly outcomes: Record<CacheOutcome, number> = { hit: 0, shared_hit: 0, joined: 0, miss: 0, bypassed: 0 };
  /** Answers dropped before their time, for want of room. */
  evictions = 0;
  /** Words with Redis that failed: each counts as a miss. */
  storeFailures = 0;
}
