import type { Config } from '#src/kernel/index.js';

/** Which calls are answered from memory, and how much is kept. */
export interface CacheTerms {
  /** `deterministic`: embeddings, and texts at temperature 0. `all`: every call. */
  readonly calls: 'off' | 'deterministic' | 'all';
  readonly ttlMs: number;
  /** Silence of the one who asks after which another does who waits for the answer. */
  readonly patienceMs: number;
  /** Of this process. */
  readonly memoryBytes: number;
  /** Larger answers are not kept. */
  readonly entryBytes: number;
}

const KIB = 1_024;

type Settings = Pick<
  Config,
  | 'MODEL_TOTAL_TIMEOUT'
  | 'PROMPT_CACHE_CALLS'
  | 'PROMPT_CACHE_TTL_SEC'
  | 'PROMPT_CACHE_MEMORY_MB'
  | 'PROMPT_CACHE_ENTRY_KB'
>;

export const cacheTerms = (config: Settings): CacheTerms => ({
  calls: config.PROMPT_CACHE_CALLS,
  ttlMs: config.PROMPT_CACHE_TTL_SEC * 1_000,
  patienceMs: config.MODEL_TOTAL_TIMEOUT,
  memoryBytes: config.PROMPT_CACHE_MEMORY_MB * KIB * KIB,
  entryBytes: config.PROMPT_CACHE_ENTRY_KB * KIB,
});
